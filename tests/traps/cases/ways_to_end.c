/* Every way in which a process ends of its own will leaves what it wrote. */
#include "trap.h"

static void end(const char* way) {
  if (!strcmp(way, "exit")) exit(3);
  if (!strcmp(way, "_exit")) _exit(4);
  if (!strcmp(way, "_Exit")) _Exit(5);
  if (!strcmp(way, "quick_exit")) quick_exit(6);
  if (!strcmp(way, "abort")) abort();
  if (!strcmp(way, "exit_group")) syscall(SYS_exit_group, 7);
  if (!strcmp(way, "exec")) execl("/bin/sh", "sh", "-c", "exit 8", (char*)NULL);
  if (!strcmp(way, "pthread_exit")) pthread_exit(NULL);
}

int main(void) {
  static const char* const ways[] = {"exit",       "_exit", "_Exit",        "quick_exit", "abort",
                                     "exit_group", "exec",  "pthread_exit", "return"};
  for (size_t i = 0; i < sizeof ways / sizeof *ways; ++i) {
    const pid_t pid = fork();
    if (pid == 0) {
      const int fd = create(ways[i]);
      put_bytes(fd, 'a', 123456);
      end(ways[i]);
      return 9;
    }
    int status;
    must(waitpid(pid, &status, 0) == pid);
    say("%s: %x\n", ways[i], (unsigned)status);
  }
  return 0;
}
