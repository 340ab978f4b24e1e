/* Root opens a file that nobody else may, writes, and becomes somebody else: by user, in a chroot,
 * without /proc, without the right to more processes. It goes on writing. */
/* managed: no */
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>

#include "trap.h"

static void give_up(int way) {
  if (way == 0) must(setgid(65534) == 0 && setuid(65534) == 0);
  if (way == 1) must(chroot("jail") == 0 && chdir("/") == 0);
  if (way == 2) {
    const struct rlimit none = {0, 0};
    must(setrlimit(RLIMIT_NPROC, &none) == 0 && setuid(65534) == 0);
  }
  if (way == 3) must(prctl(PR_SET_DUMPABLE, 0) == 0 && seteuid(65534) == 0);
  if (way == 4) must(unshare(CLONE_NEWNS) == 0 && chroot("jail") == 0);
  if (way == 5) must(setresuid(-1, 65534, 0) == 0 && setresuid(-1, 0, -1) == 0);
}

static void write_on(int way, int early) {
  char name[32];
  snprintf(name, sizeof name, "way-%d-%d", way, early);
  const int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
  must(fd >= 0);
  put_bytes(fd, 'a', early ? 3 << 20 : 100);
  give_up(way);
  put_bytes(fd, 'b', 3 << 20);
  const int next = open("next", O_WRONLY | O_CREAT, 0644);
  say("%d %d: next %s, position %ld\n", way, early, next < 0 ? strerror(errno) : "opened",
      (long)lseek(fd, 0, SEEK_CUR));
  if (next >= 0) put_bytes(next, 'n', 300000);
  must(fsync(fd) == 0);
  put_bytes(fd, 'c', 300000);
  must(close(fd) == 0);
  exit(0);
}

int main(void) {
  if (geteuid() != 0) {
    say("only for root\n");
    return SKIPPED;
  }
  must(mkdir("jail", 0755) == 0);
  for (int way = 0; way < 6; ++way) {
    for (int early = 0; early < 2; ++early) {
      const pid_t pid = fork();
      if (pid == 0) write_on(way, early);
      int status;
      must(waitpid(pid, &status, 0) == pid);
      say("status %x\n", (unsigned)status);
    }
  }
  return 0;
}
