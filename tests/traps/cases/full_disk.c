/* The disk fills up: the program hears of it by a write, fsync or close, and what is in the file
 * begins with what it wrote. Left to the kernel there; tests/full has more. */
/* managed: no */
#include <sched.h>
#include <sys/mount.h>

#include "trap.h"

int main(void) {
  must(mkdir("disk", 0755) == 0);
  if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount("none", "disk", "tmpfs", 0, "size=1m") != 0)
    return SKIPPED;
  const int fd = create("disk/file");
  char record[RECORD], wanted[RECORD];
  int number = 0, failed = 0;
  for (; number < 40000 && !failed; ++number) {
    make_record(record, 'f', number);
    failed = write(fd, record, RECORD) != RECORD;
  }
  failed |= fsync(fd) != 0;
  failed |= close(fd) != 0;
  say("told: %d\n", failed);
  const int reader = open("disk/file", O_RDONLY);
  int good = 0;
  while (read(reader, record, RECORD) == RECORD) {
    make_record(wanted, 'f', good);
    if (memcmp(record, wanted, RECORD) != 0) break;
    ++good;
  }
  say("%ld bytes, %d good\n", (long)lseek(reader, 0, SEEK_END), good);
  return 0;
}
