/* Streams and their numbers in turns, descriptors with and without a stream, redirected output. */
#include "trap.h"

static void put_parts(FILE* stream, char letter, int count) {
  for (int i = 0; i < count; ++i) fprintf(stream, "%c %d\n", letter, i);
}

int main(void) {
  const int alone = create("alone");
  put_records(alone, 'n', 3000);

  FILE* const both = fopen("both", "w+");
  for (int i = 0; i < 20; ++i) {
    put_parts(both, 's', 500);
    must(fflush(both) == 0);
    put_records(fileno(both), 'n', 100);
  }
  must(fseek(both, 100, SEEK_SET) == 0);
  char line[100];
  must(fgets(line, sizeof line, both) != NULL);
  say("line %s", line);
  must(fclose(both) == 0);

  const int number = create("taken");
  put_records(number, 'n', 1000);
  FILE* const taken = fdopen(number, "r+");
  put_parts(taken, 't', 5000);
  say("at %ld of %ld\n", (long)lseek(number, 0, SEEK_CUR), ftell(taken));

  FILE* const moved = freopen("out", "w", stdout);
  put_parts(moved, 'o', 30000);
  put_records(alone, 'm', 3000);
  /* Two streams are left open. */
  return 0;
}
