/* SYS_exit ends a thread, and the process with its last one: no exit handler runs. */
#include "trap.h"

static void* end_last(void* argument) {
  const int fd = *(const int*)argument;
  usleep(20000);
  put_bytes(fd, 't', 5000);
  syscall(SYS_exit, 0);
  return NULL;
}

static void end(const char* way) {
  static int fd;
  pthread_t thread;
  fd = create(way);
  put_bytes(fd, 'a', 123456);
  if (!strcmp(way, "thread-outlives-main")) must(pthread_create(&thread, NULL, end_last, &fd) == 0);
  if (!strcmp(way, "thread-came-and-went")) {
    must(pthread_create(&thread, NULL, end_last, &fd) == 0);
    must(pthread_join(thread, NULL) == 0);
    put_bytes(fd, 'b', 100);
  }
  syscall(SYS_exit, 3);
}

int main(void) {
  static const char* const ways[] = {"alone", "thread-came-and-went", "thread-outlives-main"};
  put_bytes(create("parent"), 'p', 5000);
  for (size_t i = 0; i < sizeof ways / sizeof *ways; ++i) {
    const pid_t pid = fork();
    if (pid == 0) {
      end(ways[i]);
      return 9;
    }
    int status;
    must(waitpid(pid, &status, 0) == pid);
    /* Whose status it is, if there were two, is the kernel's choice. */
    say("%s: %s\n", ways[i], WIFEXITED(status) ? "ended" : "killed");
  }
  return 0;
}
