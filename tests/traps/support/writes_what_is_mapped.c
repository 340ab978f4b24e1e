/* Writes a file that maps_early.c has mapped. */
#include "../trap.h"

extern const char* mapped_early;

int main(void) {
  const int fd = open("file", O_WRONLY);
  for (int i = 0; i < 4; ++i) {
    put_bytes(fd, (char)('a' + i), 50000);
    const long end = lseek(fd, 0, SEEK_CUR);
    say("%ld: %.3s\n", end, mapped_early + end - 3);
  }
  return close(fd);
}
