/* A library that writes nothing but after everyone else's end. */
#include "trap.h"

__attribute__((destructor)) static void end(void) {
  const int fd = create("late");
  put_bytes(fd, 'l', 12345);
}
