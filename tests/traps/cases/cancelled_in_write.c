/* pthread_cancel on a thread that does nothing but write(): it ends, and no lock stays held. */
#include "trap.h"

static int fd;
static volatile int number;

static void* write_forever(void* unused) {
  (void)unused;
  for (;;) {
    put_record(fd, 'c', number);
    ++number;
  }
  return NULL;
}

int main(void) {
  fd = create("file");
  for (int round = 0; round < 50; ++round) {
    pthread_t thread;
    void* result;
    must(pthread_create(&thread, NULL, write_forever, NULL) == 0);
    usleep(200 + 37 * (unsigned)round);
    must(pthread_cancel(thread) == 0);
    must(pthread_join(thread, &result) == 0);
    if (result != PTHREAD_CANCELED) say("not cancelled\n");
  }
  const long size = lseek(fd, 0, SEEK_END);
  const long over = size / RECORD - number;
  say("%s, %ld over\n", over >= 0 && over <= 50 ? "all there" : "some missing", size % RECORD);
  must(ftruncate(fd, 0) == 0);
  return 0;
}
