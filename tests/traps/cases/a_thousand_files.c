/* RLIMIT_NOFILE 1024 and a thousand files open at once: the numbers are the program's. */
#include "trap.h"

int main(void) {
  const struct rlimit limit = {1024, 1024};
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    say("no 1024 descriptors are allowed here\n");
    return SKIPPED;
  }
  int opened = 0;
  for (; opened < 1000; ++opened) {
    char name[32];
    snprintf(name, sizeof name, "file-%d", opened);
    const int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0) {
      say("%s: %s\n", name, strerror(errno));
      break;
    }
    put_bytes(fd, (char)('a' + opened % 26), 3000);
  }
  say("%d opened\n", opened);
  return 0;
}
