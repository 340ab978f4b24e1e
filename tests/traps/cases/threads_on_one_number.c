/* Threads write to one description, come and go. */
#include "trap.h"

static int fd;

static void* write_some(void* letter) {
  put_records(fd, *(const char*)letter, 20000);
  return NULL;
}

static void* write_few(void* letter) {
  put_records(fd, *(const char*)letter, 10);
  return NULL;
}

int main(void) {
  pthread_t threads[4];
  static const char letters[] = "abcd", more[] = "efghijklmnopqrstuvwxyz";
  fd = create("file");
  put_records(fd, 'A', 100);
  for (int i = 0; i < 4; ++i)
    must(pthread_create(&threads[i], NULL, write_some, (void*)&letters[i]) == 0);
  for (size_t i = 0; i < sizeof more - 1; ++i) {
    pthread_t brief;
    must(pthread_create(&brief, NULL, write_few, (void*)&more[i]) == 0);
    must(pthread_join(brief, NULL) == 0);
  }
  for (int i = 0; i < 4; ++i) must(pthread_join(threads[i], NULL) == 0);
  put_records(fd, 'B', 100);
  say_result(lseek(fd, 0, SEEK_CUR));
  close(fd);
  account("file");
  return 0;
}
