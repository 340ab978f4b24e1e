/* Most of what there is to call on a file. */
#include <sys/file.h>

#include "trap.h"

int main(void) {
  static char piece[5000];
  const struct iovec vector = {piece, sizeof piece};
  struct stat facts;
  const int fd = create("file");
  put_bytes(fd, 'a', 300000);
  say_result(pwrite(fd, piece, 5000, 100));
  say_result(writev(fd, &vector, 1));
  say_result(lseek(fd, -5000, SEEK_CUR));
  say_result(read(fd, piece, 100));
  say_result(pread(fd, piece, 5000, 100));
  say_result(fstat(fd, &facts));
  say("%ld bytes\n", (long)facts.st_size);
  say_result(lseek(fd, 0, SEEK_END));
  put_bytes(fd, 'b', 300000);
  const int copy = dup(fd);
  say_result(dup2(fd, 30));
  say_result(dup3(fd, 31, O_CLOEXEC));
  say_result(fcntl(fd, F_DUPFD, 40));
  put_bytes(copy, 'c', 300000);
  say_result(fsync(fd));
  put_bytes(40, 'd', 300000);
  say_result(fdatasync(fd));
  say_result(fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 2 << 20));
  say_result(ftruncate(fd, 1000000));
  say_result(truncate("file", 900000));
  say_result(lseek(fd, 0, SEEK_END));
  put_bytes(fd, 'e', 300000);
  say_result(fchmod(fd, 0640));
  say_result(futimens(fd, NULL));
  say_result(flock(fd, LOCK_SH));
  char* const mapped = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
  say("mapped %d\n", mapped != MAP_FAILED && mapped[10] == 'a');
  char* const anonymous =
      mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  say("anonymous %d\n", anonymous != MAP_FAILED);
  put_bytes(fd, 'f', 1000);
  say_result(close(copy));
  say_result(close(fd));
  return 0;
}
