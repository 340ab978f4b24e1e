/* A FILE's descriptor is used with write(), and a written descriptor becomes a FILE (darshan#248,
 * UnifyFS#649). */
#include "trap.h"

int main(void) {
  FILE* const stream = fopen("stream-first", "w");
  for (int i = 0; i < 1000; ++i) {
    fprintf(stream, "by stdio %d\n", i);
    fflush(stream);
    must(write(fileno(stream), "by write\n", 9) == 9);
  }
  fclose(stream);

  const int fd = create("number-first");
  put_bytes(fd, 'a', 100000);
  FILE* const late = fdopen(fd, "w");
  for (int i = 0; i < 1000; ++i) fprintf(late, "by stdio %d\n", i);
  fflush(late);
  put_bytes(fd, 'b', 100000);
  fprintf(late, "position %ld\n", ftell(late));
  fclose(late);

  must(dup2(create("standard-output"), 1) == 1);
  printf("printf ");
  fflush(stdout);
  put_bytes(1, 'c', 50000);
  puts("and at exit");
  return 0;
}
