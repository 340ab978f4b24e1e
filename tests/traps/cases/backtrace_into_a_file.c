/* backtrace_symbols_fd() writes by libc's own writev, between two writes that are seen. */
#include <execinfo.h>

#include "trap.h"

int main(void) {
  static const char before[] = "0123456789abcdefghij\n", after[] = "end\n";
  enum { BEFORE = sizeof before - 1, AFTER = sizeof after - 1 };
  const int fd = create("file");
  void* const address = (void*)(uintptr_t)main;
  must(write(fd, before, BEFORE) == BEFORE);
  backtrace_symbols_fd(&address, 1, fd);
  const off_t between = lseek(fd, 0, SEEK_CUR);
  must(write(fd, after, AFTER) == AFTER);
  const off_t position = lseek(fd, 0, SEEK_CUR);
  struct stat facts;
  must(fstat(fd, &facts) == 0);
  say("%s, %ld bytes after it, %ld beyond the position\n",
      between > BEFORE ? "a line of it" : "nothing of it", (long)(position - between),
      (long)(facts.st_size - position));
  /* The addresses differ from run to run. */
  char text[4096] = "";
  const ssize_t length = pread(fd, text, sizeof text - 1, 0);
  must(length == position);
  say("the first line %s, the last %s, lines: ",
      strncmp(text, before, BEFORE) == 0 ? "stays" : "went",
      strcmp(text + between, after) == 0 ? "stays" : "went");
  int lines = 0;
  for (ssize_t i = 0; i < length; ++i)
    if (text[i] == '\n') ++lines;
  say("%d, the address %s\n", lines, strstr(text, "[0x") != NULL ? "is there" : "is missing");
  must(ftruncate(fd, 0) == 0);
  return 0;
}
