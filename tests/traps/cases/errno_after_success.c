/* errno is left alone by what succeeds (libc-test `time` under nocache). */
#include "trap.h"

#define check(call)                                                         \
  do {                                                                      \
    errno = 4711;                                                           \
    const long result_ = (long)(call);                                      \
    if (result_ >= 0 && errno != 4711) say("%s: errno %d\n", #call, errno); \
  } while (0)

int main(void) {
  static char piece[70000];
  const struct iovec vector = {piece, sizeof piece};
  struct stat facts;
  int fd = -1, copy = -1;
  check(fd = open("file", O_RDWR | O_CREAT, 0644));
  for (int i = 0; i < 100; ++i) check(write(fd, piece, sizeof piece));
  check(writev(fd, &vector, 1));
  check(pwrite(fd, piece, 10000, 12345));
  check(write(fd, piece, 10));
  check(read(fd, piece, 10));
  check(lseek(fd, 0, SEEK_END));
  check(write(fd, piece, 10));
  check(fstat(fd, &facts));
  check(stat("file", &facts));
  check(write(fd, piece, 10));
  check(ftruncate(fd, 100000));
  check(write(fd, piece, 10));
  check(fsync(fd));
  check(copy = dup(fd));
  check(write(copy, piece, 10));
  check(fcntl(fd, F_SETFL, O_APPEND));
  check(write(copy, piece, 10));
  check(close(copy));
  check(open("other", O_WRONLY | O_CREAT, 0644));
  check(write(fd, piece, 10));
  check(close(fd));
  check(fd = open("/dev/null", O_WRONLY));
  check(write(fd, piece, 10));
  check(close_range(fd, ~0U, 0));
  errno = 4711;
  const pid_t pid = fork();
  if (errno != 4711) say("fork: errno %d\n", errno);
  if (pid == 0) _exit(0);
  wait_for(pid);
  FILE* const stream = fopen("stream", "w");
  errno = 4711;
  fputs("text", stream);
  fflush(stream);
  if (errno != 4711) say("fflush: errno %d\n", errno);
  fclose(stream);
  if (errno != 4711) say("fclose: errno %d\n", errno);
  say("done\n");
  return 0;
}
