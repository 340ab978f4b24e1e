/* What the kernel refuses is refused the same way, and nothing before it is lost. */
#include <limits.h>

#include "trap.h"

/* Unknown to the compiler, which would refuse them itself. */
static volatile int below = -1, above = 1025;

int main(void) {
  const int fd = create("file");
  const int reader = open("file", O_RDONLY);
  const struct iovec negative = {"x", (size_t)-1}, fine = {"fine", 4};
  put_bytes(fd, 'a', 5000);
  say_result(write(fd, "x", 0));
  say_result(pwrite(fd, "x", 1, -1));
  say_result(writev(fd, &negative, 1));
  say_result(writev(fd, &fine, 0));
  say_result(writev(fd, &fine, below));
  say_result(writev(fd, &fine, above));
  say_result(write(reader, "x", 1));
  say_result(pwrite(reader, "x", 1, 0));
  say_result(lseek(fd, -1, SEEK_SET));
  say_result(lseek(fd, 0, 99));
  say_result(ftruncate(fd, -1));
  say_result(ftruncate(reader, 0));
  say_result(fallocate(fd, 0, -1, 5));
  say_result(pwritev2(fd, &fine, 1, 0, 0x40000000));
  say_result(pwritev2(fd, &fine, 1, -2, 0));
  say_result(dup2(fd, -1));
  say_result(dup2(fd, 1 << 29));
  say_result(dup2(fd, fd) == fd);
  say_result(dup3(fd, fd, 0));
  say_result(dup2(999, 5));
  say_result(fcntl(fd, F_DUPFD, -1));
  say_result(fcntl(fd, 9999));
  say_result(close(-1));
  say_result(close(999));
  say_result(write(-1, "x", 1));
  say_result(write(fd, (void*)0, 0));
  say_result(lseek(fd, LONG_MAX - 10, SEEK_SET) < 0);
  say_result(write(fd, "too far for the file system", 27));
  say_result(lseek(fd, 5000, SEEK_SET));
  put_bytes(fd, 'b', 5000);
  return 0;
}
