/* A program that locks itself in while its file is open: only read, write, exit (seccomp's strict
 * mode), or a filter that kills at whatever else. What it wrote is there, and it lives. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>

#include "trap.h"

static int lock_in_strictly(void) { return prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT); }

static int lock_in(int by_prctl, unsigned flags) {
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_write, 4, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_close, 3, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  const struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  if (by_prctl) return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
  return (int)syscall(SYS_seccomp, (long)SECCOMP_SET_MODE_FILTER, (long)flags, &program);
}

static void write_locked_in(int way) {
  char name[16];
  snprintf(name, sizeof name, "way-%d", way);
  const int fd = create(name);
  put_bytes(fd, 'a', 300000);
  int result = -1;
  if (way == 0) result = lock_in_strictly();
  if (way == 1) result = lock_in(1, 0);
  if (way == 2) result = lock_in(0, 0);
  if (way == 3) result = lock_in(0, SECCOMP_FILTER_FLAG_TSYNC);
  if (result != 0) syscall(SYS_exit, SKIPPED);
  put_bytes(fd, 'b', 300000);
  if (way == 1) close(fd);
  if (way != 0) syscall(SYS_exit_group, 0);
  syscall(SYS_exit, 0);
}

int main(void) {
  for (int way = 0; way < 4; ++way) {
    int status;
    const pid_t pid = fork();
    if (pid == 0) write_locked_in(way);
    must(waitpid(pid, &status, 0) == pid);
    say("way %d: %x\n", way, (unsigned)status);
  }
  return 0;
}
