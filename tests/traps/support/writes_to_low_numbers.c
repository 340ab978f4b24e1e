/* Its files are 0, 1, 2 and above, if nobody else has these numbers. */
#include "trap.h"

int main(void) {
  for (int i = 0; i < 5; ++i) {
    char name[32];
    snprintf(name, sizeof name, "file-%d", i);
    const int fd = create(name);
    if (fd != i) return 1;
    put_bytes(fd, (char)('a' + i), 300000);
  }
  for (int fd = 4; fd >= 2; --fd) put_bytes(fd, 'z', 300000);
  return 0;
}
