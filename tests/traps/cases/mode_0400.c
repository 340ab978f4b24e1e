/* A file that its own writer may not open again. Run as another user, root may open anything. */
/* managed: no */
#include "trap.h"

int main(void) {
  must(chmod(".", 0777) == 0);
  if (geteuid() == 0)
    must(setresgid(65534, 65534, 65534) == 0 && setresuid(65534, 65534, 65534) == 0);
  const int fd = open("born-so", O_WRONLY | O_CREAT | O_EXCL, 0400);
  must(fd >= 0);
  put_bytes(fd, 'a', 3 << 20);
  say_result(close(fd));
  const int changed = create("made-so");
  put_bytes(changed, 'b', 100000);
  say_result(fchmod(changed, 0400));
  put_bytes(changed, 'c', 3 << 20);
  say_result(open("made-so", O_WRONLY));
  say_result(close(changed));
  return 0;
}
