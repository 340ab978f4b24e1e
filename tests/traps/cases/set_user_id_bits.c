/* A write clears the set-user-id bit, as does chown; chmod after it sets it again. */
/* managed: no */
#include "trap.h"

static void see(const char* what) {
  struct stat facts;
  must(stat("file", &facts) == 0);
  say("%s: %o\n", what, facts.st_mode);
}

int main(void) {
  if (geteuid() == 0) {
    must(chmod(".", 0777) == 0);
    must(setresgid(65534, 65534, 65534) == 0 && setresuid(65534, 65534, 65534) == 0);
  }
  const int fd = create("file");
  put_bytes(fd, 'a', 50000);
  must(fchmod(fd, 04755) == 0);
  see("set");
  put_bytes(fd, 'b', 10);
  see("written");
  must(chmod("file", 04755) == 0);
  must(close(fd) == 0);
  see("set and closed");
  return 0;
}
