/* Descriptors of the shim: high, close-on-exec, closed to the program, out of the way of its lowest
 * free number (nocache: F_DUPFD without CLOEXEC). */
#include <dirent.h>

#include "trap.h"

static void list(const char* when, int below) {
  int open_ones[32], count = 0;
  for (int fd = 0; fd < below; ++fd) {
    char link[64], name[512];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    if (count < 32 && readlink(link, name, sizeof name) > 0) open_ones[count++] = fd;
  }
  say("%s:", when);
  for (int i = 0; i < count; ++i) say(" %d", open_ones[i]);
  say("\n");
}

/* The close-on-exec flag of all above 2, as the kernel has it. */
static int kept_over_exec(void) {
  int kept = 0;
  for (int fd = 512; fd < 2000; ++fd) {
    const long flags = raw(SYS_fcntl, fd, F_GETFD, 0, 0);
    if (flags >= 0 && (flags & FD_CLOEXEC) == 0) ++kept;
  }
  return kept;
}

static int usable_ones(void) {
  int usable = 0;
  char byte;
  for (int fd = 512; fd < 2000; ++fd) {
    if (fcntl(fd, F_GETFD) >= 0) ++usable;
    if (write(fd, "x", 1) == 1) ++usable;
    if (read(fd, &byte, 1) >= 0) ++usable;
    if (lseek(fd, 0, SEEK_CUR) >= 0) ++usable;
    if (dup(fd) >= 0) ++usable;
    if (close(fd) == 0) ++usable;
    if (ftruncate(fd, 0) == 0) ++usable;
    if (copy_file_range(fd, NULL, fd, NULL, 1, 1) == 0 || errno != EBADF) ++usable;
    if (pread(fd, &byte, 1, -1) == 0 || errno != EINVAL) ++usable;
    if (dup3(fd, fd, 0) == 0 || errno != EINVAL) ++usable;
  }
  return usable;
}

int main(int argc, char** argv) {
  if (argc > 1) {
    list("after exec", 2000);
    return 0;
  }
  const int first = create("first"), second = create("second");
  put_bytes(first, 'a', 3 << 20);
  put_bytes(second, 'b', 3 << 20);
  list("while written", 512);
  say("kept over exec: %d, usable: %d\n", kept_over_exec(), usable_ones());
  say("the next: %d\n", open("/dev/null", O_RDONLY));
  put_bytes(first, 'c', 3 << 20);
  /* Onto each number that may be the shim's. */
  for (int fd = 512; fd < 530; ++fd) must(dup2(second, fd) == fd);
  put_bytes(first, 'd', 3 << 20);
  put_bytes(520, 'e', 3 << 20);
  say("positions %ld %ld\n", (long)lseek(first, 0, SEEK_CUR), (long)lseek(second, 0, SEEK_CUR));
  for (int fd = 512; fd < 530; ++fd) must(close(fd) == 0);
  const pid_t pid = fork();
  if (pid == 0) {
    list("after fork", 2000);
    execl(argv[0], argv[0], "list", (char*)NULL);
    _exit(127);
  }
  wait_for(pid);
  put_bytes(first, 'f', 100000);
  execl(argv[0], argv[0], "list", (char*)NULL);
  return 127;
}
