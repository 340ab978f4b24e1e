/* A program with two files, one of them written at its end. */
#include "trap.h"

static void at_exit(void) { put_bytes(create("atexit"), 'e', 54321); }

int main(void) {
  must(atexit(at_exit) == 0);
  const int fd = create("program");
  char* const text = malloc(100000);
  memset(text, 't', 100000);
  put_bytes(fd, 'p', 123456);
  must(write(fd, text, 100000) == 100000);
  free(text);
  return 0;
}
