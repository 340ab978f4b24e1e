/* A thread takes free numbers by dup2 and gives them back, those where our own are among them,
 * while others open and close files that go direct. */
/* flags: -pthread */
#include <stdatomic.h>

#include "trap.h"

static atomic_bool over;

static void* write_files(void* name) {
  while (!atomic_load(&over)) {
    const int fd = create(name);
    put_bytes(fd, *(const char*)name, 70000);
    must(close(fd) == 0);
  }
  return NULL;
}

static void take_and_give_back(int fd, int number) {
  must(dup2(fd, number) == number);
  char letter = 'x';
  must(pwrite(number, &letter, 1, 0) == 1);
  must(lseek(number, 0, SEEK_END) == 1);
  must(close(number) == 0);
  must(close(number) < 0 && errno == EBADF);
}

int main(void) {
  pthread_t threads[2];
  static char names[2][2] = {"a", "b"};
  const int fd = create("taken");
  put_bytes(fd, 'x', 1);
  for (int i = 0; i < 2; ++i) must(pthread_create(&threads[i], NULL, write_files, names[i]) == 0);
  for (int i = 0; i < 20000; ++i) take_and_give_back(fd, 512 + i % 12);
  atomic_store(&over, 1);
  for (int i = 0; i < 2; ++i) must(pthread_join(threads[i], NULL) == 0);
  say("done\n");
  return 0;
}
