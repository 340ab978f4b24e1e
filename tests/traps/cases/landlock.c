/* Landlock, as xz and others use it: after it no file can be opened for writing, not even through
 * /proc/self/fd; the open ones are written on. */
/* managed: no */
#if __has_include(<linux/landlock.h>)
#include <linux/landlock.h>
#include <sys/prctl.h>
#endif

#include "trap.h"

#ifdef SYS_landlock_create_ruleset

static int lock_in(void) {
  const struct landlock_ruleset_attr rules = {
      .handled_access_fs = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE |
                           LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_READ_DIR};
  const long ruleset = syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0L);
  if (ruleset < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return 0;
  return syscall(SYS_landlock_restrict_self, ruleset, 0L) == 0 && close((int)ruleset) == 0;
}

int main(void) {
  const int early = create("early"), late = create("late");
  put_bytes(early, 'a', 3 << 20);
  put_bytes(late, 'b', 10);
  if (!lock_in()) {
    say("no Landlock here\n");
    return SKIPPED;
  }
  put_bytes(early, 'c', 3 << 20);
  put_bytes(late, 'd', 3 << 20);
  say_result(open("next", O_WRONLY | O_CREAT, 0644));
  say_result(lseek(late, 0, SEEK_CUR));
  say_result(fsync(early));
  const pid_t pid = fork();
  if (pid == 0) {
    put_bytes(late, 'e', 300000);
    _exit(0);
  }
  wait_for(pid);
  put_bytes(late, 'f', 300000);
  say_result(close(early));
  say_result(lseek(late, 0, SEEK_END));
  return 0;
}

#else

int main(void) { return SKIPPED; }

#endif
