/* fork while other threads are inside write(): the child starts clean (nocache#34, darshan#919). */
#include "trap.h"

enum { ROUNDS = 30, EACH = 4000 };

static void* write_own(void* argument) {
  const int fd = *(const int*)argument;
  for (int i = 0; i < EACH; ++i) put_record(fd, (char)('a' + fd % 26), i);
  return NULL;
}

int main(void) {
  pthread_t threads[2];
  const int fds[2] = {create("thread-0"), create("thread-1")};
  for (int i = 0; i < 2; ++i)
    must(pthread_create(&threads[i], NULL, write_own, (void*)&fds[i]) == 0);
  for (int i = 0; i < ROUNDS; ++i) {
    const pid_t pid = fork();
    if (pid == 0) {
      char name[32];
      snprintf(name, sizeof name, "child-%d", i);
      const int fd = create(name);
      put_records(fd, 'x', 300);
      /* Half of them close, the others are closed. */
      if (i % 2 == 0) must(close(fd) == 0);
      _exit(0);
    }
    wait_for(pid);
  }
  for (int i = 0; i < 2; ++i) must(pthread_join(threads[i], NULL) == 0);
  return 0;
}
