/* Offsets beyond 32 bits keep their width (xapian PR223: corrupted databases). */
#include "trap.h"

static void see(int fd, off_t offset) {
  char piece[9] = "";
  say("%ld at %ld: ", (long)pread(fd, piece, 8, offset), (long)offset);
  say("%s\n", piece);
}

int main(void) {
  const int fd = create("sparse");
  const off_t far = (off_t)5 << 30;
  for (int i = 0; i < 2000; ++i) must(pwrite(fd, "abcdefgh", 8, far + 8 * i) == 8);
  const struct iovec vector = {"VECTORED", 8};
  say_result(pwritev(fd, &vector, 1, far - 8));
  say_result(lseek(fd, far * 2, SEEK_SET));
  put_bytes(fd, 'b', 20000);
  say_result(lseek(fd, 0, SEEK_CUR));
  say_result(syscall(SYS_pwrite64, fd, "systemca", 8, far * 3));
  say_result(syscall(SYS_lseek, fd, 0, SEEK_END));
  struct stat facts;
  say_result(fstat(fd, &facts));
  say("%ld\n", (long)facts.st_size);
  see(fd, far - 8);
  see(fd, far + 15992);
  see(fd, far * 2 + 19992);
  see(fd, far * 3);
  see(fd, 8);
  say_result(ftruncate(fd, far + 5));
  see(fd, far);
  put_bytes(fd, 'c', 100);
  say_result(unlink("sparse"));
  /* What is left is small, to be compared. */
  put_bytes(create("small"), 'd', 5000);
  return 0;
}
