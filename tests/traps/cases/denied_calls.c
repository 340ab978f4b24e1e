/* A sandbox that is there before the program, and denies one of the calls that the shim lives on:
 * no memory to share, no second process, no descriptor, no way past the page cache. The program,
 * which has no use for any of them, doesn't notice. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>

#include "trap.h"

/* Denied with `error`: the call `number`, if `mask` is 0 or the argument has any of its bits. */
struct denial {
  const char* name;
  long number;
  int argument;
  unsigned mask;
  int error;
};

static const struct denial denials[] = {
    {"nothing", -1, 0, 0, 0},
    {"memfd_create", SYS_memfd_create, 0, 0, ENOSYS},
    {"mmap of what is shared", SYS_mmap, 3, MAP_SHARED, ENOMEM},
    {"pidfd_open", SYS_pidfd_open, 0, 0, ENOSYS},
    {"pidfd_send_signal", SYS_pidfd_send_signal, 0, 0, EPERM},
    {"clone", SYS_clone, 0, 0, EPERM},
    {"clone in shared memory", SYS_clone, 0, CLONE_VM, EAGAIN},
    {"wait4", SYS_wait4, 0, 0, EPERM},
    {"a copy of a descriptor", SYS_fcntl, 1, 1024, EMFILE},
    {"statx", SYS_statx, 0, 0, ENOSYS},
    {"fallocate", SYS_fallocate, 0, 0, ENOSYS},
    {"O_DIRECT", SYS_openat, 2, O_DIRECT, EINVAL},
    {"pwritev2", SYS_pwritev2, 0, 0, ENOSYS},
    {"sync_file_range", SYS_sync_file_range, 0, 0, ENOSYS},
    {"fadvise64", SYS_fadvise64, 0, 0, ENOSYS},
    {"cachestat", 451, 0, 0, EPERM},
    {"mincore", SYS_mincore, 0, 0, ENOSYS},
    {"readlinkat", SYS_readlinkat, 0, 0, EACCES},
    {"close_range", SYS_close_range, 0, 0, ENOSYS},
    {"prctl", SYS_prctl, 0, 0, EPERM},
    {"gettid", SYS_gettid, 0, 0, ENOSYS},
    {"rt_sigprocmask", SYS_rt_sigprocmask, 0, 0, ENOSYS},
    {"fstatfs", SYS_fstatfs, 0, 0, ENOSYS},
    {"ioctl", SYS_ioctl, 0, 0, ENOTTY},
    {"clock_gettime", SYS_clock_gettime, 0, 0, EPERM},
};

static void deny(const struct denial* one) {
  if (one->number < 0) return;
  const unsigned argument = offsetof(struct seccomp_data, args) + 8U * (unsigned)one->argument;
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)one->number, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, argument),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, one->mask != 0 ? one->mask : ~0U, 0,
               one->mask != 0 ? 1 : 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)one->error),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  const struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) _exit(SKIPPED);
}

static int write_files(const char* number) {
  char name[32];
  snprintf(name, sizeof name, "direct-%s", number);
  const int fd = create(name);
  put_bytes(fd, 'a', 3 << 20);
  say_result(lseek(fd, 0, SEEK_CUR));
  say_result(pwrite(fd, "b", 1, 5));
  put_bytes(fd, 'c', 1000);
  struct stat facts;
  must(fstat(fd, &facts) == 0);
  say("%ld bytes\n", (long)facts.st_size);
  snprintf(name, sizeof name, "stream-%s", number);
  FILE* const stream = fopen(name, "w");
  must(stream != NULL);
  for (int i = 0; i < 50000; ++i) must(fprintf(stream, "line %d\n", i) > 0);
  say_result(fsync(fd));
  put_bytes(fd, 'd', 100000);
  return fclose(stream); /* the other is closed by the end */
}

int main(int argc, char** argv) {
  if (argc > 1) return write_files(argv[1]);
  for (unsigned i = 0; i < sizeof denials / sizeof *denials; ++i) {
    char number[16];
    snprintf(number, sizeof number, "%u", i);
    say("without %s\n", denials[i].name);
    const pid_t pid = fork();
    if (pid == 0) {
      deny(&denials[i]);
      execl(argv[0], argv[0], number, (char*)NULL);
      _exit(127);
    }
    int status;
    must(waitpid(pid, &status, 0) == pid);
    if (WIFEXITED(status) && WEXITSTATUS(status) == SKIPPED) return SKIPPED;
    say("ended: %x\n", (unsigned)status);
  }
  return 0;
}
