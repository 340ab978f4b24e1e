/* stdio's last flush, exit handlers and destructors all write after our own end. */
#include "trap.h"

static FILE* stream;
static int fd;

static void at_exit(void) {
  put_bytes(fd, 'b', 5000);
  fprintf(stream, "from the exit handler\n");
  put_bytes(create("made-at-exit"), 'c', 5000);
}

__attribute__((destructor)) static void at_end(void) {
  put_bytes(fd, 'd', 5000);
  fprintf(stream, "from the destructor\n");
  put_bytes(create("made-at-end"), 'e', 5000);
}

int main(void) {
  must(atexit(at_exit) == 0);
  stream = fopen("stream", "w");
  fd = create("number");
  must(dup2(create("standard-output"), 1) == 1);
  for (int i = 0; i < 3000; ++i) {
    put_bytes(fd, 'a', 100);
    fprintf(stream, "line %d\n", i);
    printf("line %d\n", i);
  }
  printf("never flushed by hand");
  fprintf(stream, "never flushed by hand");
  return 0;
}
