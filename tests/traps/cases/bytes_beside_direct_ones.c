/* Buffered bytes beside direct ones in the same block: in any order, the last one wins. */
#include "trap.h"

int main(void) {
  static char piece[300000];
  const int fd = create("file");
  unsigned seed = 4711;
  for (int i = 0; i < 400; ++i) {
    seed = seed * 1103515245 + 12345;
    const size_t bytes = (seed >> 8) % (i % 3 == 0 ? sizeof piece : 9000) + 1;
    const off_t offset = (off_t)((seed >> 4) % (2 << 20));
    memset(piece, 'a' + i % 26, bytes);
    if (i % 2 == 0) {
      must(pwrite(fd, piece, bytes, offset) == (ssize_t)bytes);
    } else {
      must(lseek(fd, offset, SEEK_SET) == offset);
      must(write(fd, piece, bytes) == (ssize_t)bytes);
      must(write(fd, "and on", 6) == 6);
    }
  }
  return 0;
}
