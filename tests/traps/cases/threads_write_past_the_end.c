/* flags: -pthread */
/* Threads write on one descriptor whose position lies past the end of the file, so that the first
   write is the kernel's: no other thread may take the same position meanwhile. */
#include <pthread.h>

#include "trap.h"

enum { kThreads = 3, kWrites = 11, kBytes = 1150, kStart = 59527 };
static int fd;

static void* writer(void* letter) {
  char record[kBytes];
  memset(record, *(const char*)letter, sizeof record);
  for (int i = 0; i < kWrites; ++i)
    if (write(fd, record, sizeof record) != (ssize_t)sizeof record) abort();
  return NULL;
}

int main(void) {
  int wrong = 0;
  for (int round = 0; round < 400; ++round) {
    fd = create("out");
    lseek(fd, kStart, SEEK_SET);
    pthread_t threads[kThreads];
    for (int i = 0; i < kThreads; ++i) pthread_create(&threads[i], NULL, writer, &"abc"[i]);
    for (int i = 0; i < kThreads; ++i) pthread_join(threads[i], NULL);
    struct stat facts;
    fstat(fd, &facts);
    wrong += facts.st_size != kStart + kThreads * kWrites * kBytes;
    close(fd);
    if (round < 399) unlink("out");
  }
  printf("%d rounds lost bytes\n", wrong);
  unlink("out");
  return 0;
}
