/* Others see an old size or the exact one, never a padded one (RocksDB's tail), and after fsync
 * what was written. */
#include "trap.h"

/* As another process would, without the shim. */
static long size_in_kernel(int fd) {
  struct stat facts;
  must(raw(SYS_fstat, fd, (long)&facts, 0, 0) == 0);
  return (long)facts.st_size;
}

int main(void) {
  const int fd = create("file");
  long written = 0;
  int beyond = 0, behind = 0;
  for (int i = 0; i < 3000; ++i) {
    put_bytes(fd, 'a', 1237);
    written += 1237;
    if (size_in_kernel(fd) > written) ++beyond;
    if (i % 100 == 0) {
      must(fsync(fd) == 0);
      if (size_in_kernel(fd) != written) ++behind;
    }
  }
  say("%d times beyond, %d times behind after fsync\n", beyond, behind);
  return 0;
}
