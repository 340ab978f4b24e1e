/* cp -p: the times are set while bytes are still on their way (UnifyFS#729). */
#include <utime.h>

#include "trap.h"

static const struct timespec then[2] = {{1000000000, 111}, {1100000000, 222}};
static const struct timeval before[2] = {{900000000, 3}, {950000000, 4}};

static int start(const char* name) {
  const int fd = create(name);
  put_bytes(fd, 'a', 123457);
  return fd;
}

static void finish(const char* name, int fd) {
  struct stat facts;
  must(close(fd) == 0);
  must(stat(name, &facts) == 0);
  say("%s: %ld.%09ld, %ld bytes\n", name, (long)facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec,
      (long)facts.st_size);
}

int main(void) {
  int fd = start("futimens");
  say_result(futimens(fd, then));
  finish("futimens", fd);

  fd = start("utimensat-null");
  say_result(syscall(SYS_utimensat, fd, NULL, then, 0));
  finish("utimensat-null", fd);

  fd = start("utimensat");
  say_result(utimensat(AT_FDCWD, "utimensat", then, 0));
  finish("utimensat", fd);

  fd = start("futimes");
  say_result(futimes(fd, before));
  finish("futimes", fd);

  fd = start("utimes");
  say_result(utimes("utimes", before));
  finish("utimes", fd);

  fd = start("utime");
  const struct utimbuf old = {800000000, 850000000};
  say_result(utime("utime", &old));
  finish("utime", fd);

  fd = start("through-another-number");
  const int other = open("through-another-number", O_RDONLY);
  say_result(futimens(other, then));
  close(other);
  finish("through-another-number", fd);

  /* A write after it does change it. */
  fd = start("written-after");
  say_result(futimens(fd, then));
  put_bytes(fd, 'b', 10);
  must(close(fd) == 0);
  struct stat facts;
  must(stat("written-after", &facts) == 0);
  say("written after: %s\n", facts.st_mtim.tv_sec > then[1].tv_sec ? "now" : "then");
  return 0;
}
