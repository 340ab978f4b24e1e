/* deny ERROR CALL... -- COMMAND...: a seccomp filter under which these system calls, given by
 * number, fail with this error number, as in containers and sandboxes; or, if that is 0, end the
 * process, as in services. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { MOST = 32 };

int main(int argc, char** argv) {
  struct sock_filter filter[2 * MOST + 2] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
  unsigned short length = 1;
  int word = 2;
  if (argc < 4) return 2;
  const unsigned error = (unsigned)atoi(argv[1]);
  const unsigned action = error == 0 ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | error;
  for (; word < argc && word < MOST && strcmp(argv[word], "--") != 0; ++word) {
    const unsigned call = (unsigned)atoi(argv[word]);
    filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1);
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action);
  }
  filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  const struct sock_fprog program = {length, filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
    perror("seccomp");
    return 77;
  }
  if (word + 1 >= argc) return 2;
  execvp(argv[word + 1], argv + word + 1);
  perror(argv[word + 1]);
  return 127;
}
