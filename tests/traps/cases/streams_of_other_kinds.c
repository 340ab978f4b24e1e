/* libc checks that a stream's table is one of its own ("invalid stdio handle": ns-3-dce#57,
 * shadow-plugin-tor#39); cookies, memory and wide streams go on working. */
#include <wchar.h>

#include "trap.h"

static ssize_t into_number(void* cookie, const char* text, size_t length) {
  return write(*(int*)cookie, text, length);
}

int main(void) {
  int fd = create("through-a-cookie");
  const cookie_io_functions_t functions = {.write = into_number};
  FILE* const cookie = fopencookie(&fd, "w", functions);
  for (int i = 0; i < 5000; ++i) fprintf(cookie, "line %d\n", i);
  say_result(fclose(cookie));
  say_result(close(fd));

  char* text = NULL;
  size_t length = 0;
  FILE* const memory = open_memstream(&text, &length);
  fprintf(memory, "in memory");
  fclose(memory);
  say("%s\n", text);

  FILE* const wide = fopen("wide", "w");
  for (int i = 0; i < 5000; ++i) fwprintf(wide, L"wide %d\n", i);
  say_result(fclose(wide));

  FILE* const both = fopen("read-and-written", "w+");
  for (int i = 0; i < 5000; ++i) fprintf(both, "line %d\n", i);
  rewind(both);
  char line[64];
  for (int i = 0; i < 10; ++i) must(fgets(line, sizeof line, both) != NULL);
  fseek(both, 0, SEEK_CUR);
  fprintf(both, "in between");
  say_result(fseek(both, 0, SEEK_END));
  say_result(ftell(both));
  FILE* const again = freopen("reopened", "w", both);
  fprintf(again, "another file");
  say_result(fclose(again));
  FILE* const temporary = tmpfile();
  fprintf(temporary, "temporary");
  say_result(fclose(temporary));
  return 0;
}
