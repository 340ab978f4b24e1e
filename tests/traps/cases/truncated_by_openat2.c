/* openat2 has no function in libc: O_TRUNC by syscall() empties a file that is being written. */
#include <linux/openat2.h>

#include "trap.h"

int main(void) {
  struct stat facts;
  const struct open_how how = {.flags = O_WRONLY | O_TRUNC};
  const int fd = create("file");
  put_bytes(fd, 'a', 12345);
  const int again = (int)syscall(SYS_openat2, AT_FDCWD, "file", &how, sizeof how);
  if (again < 0 && errno == ENOSYS) {
    say("there is no openat2 here\n");
    return SKIPPED;
  }
  must(again >= 0);
  must(fstat(fd, &facts) == 0);
  say("size %ld\n", (long)facts.st_size);
  say_result(lseek(fd, 0, SEEK_CUR));
  say_result(write(again, "by the second", 13));
  must(fstat(fd, &facts) == 0);
  say("size %ld\n", (long)facts.st_size);
  put_bytes(fd, 'b', 100);
  must(fstat(again, &facts) == 0);
  say("size %ld\n", (long)facts.st_size);
  return 0;
}
