/* A program that sweeps by raw system calls over numbers that it never had: the shim's own are
 * closed, or become another file's, at any moment. No byte is lost or goes to that file. */
#include "trap.h"

enum { FROM = 512, TO = 640 };

static void close_all(int victim) {
  (void)victim;
  for (int fd = FROM; fd < TO; ++fd) raw(SYS_close, fd, 0, 0, 0);
}

static void put_over_all(int victim) {
  for (int fd = FROM; fd < TO; ++fd)
    if (raw(SYS_fcntl, fd, F_GETFD, 0, 0) >= 0) raw(SYS_dup3, victim, fd, 0, 0);
}

/* Also where the shim has nothing now, and may want something later. */
static void put_everywhere(int victim) {
  for (int fd = FROM; fd < TO; ++fd) raw(SYS_dup3, victim, fd, 0, 0);
}

static void one(const char* name, void (*sweep)(int), size_t before, size_t after) {
  const int victim = create("victim"), fd = create(name);
  put_bytes(fd, 'a', before);
  sweep(victim);
  put_bytes(fd, 'b', after);
  say_result(lseek(fd, 0, SEEK_CUR));
  put_bytes(fd, 'c', 100000);
  say_result(fsync(fd));
  put_bytes(fd, 'd', 100000);
  say_result(close(fd));
  say_result(lseek(victim, 0, SEEK_END));
  say_result(close(victim));
  int still = 0;
  struct stat wanted, found;
  must(stat("victim", &wanted) == 0);
  for (int number = FROM; sweep == put_everywhere && number < TO; ++number)
    still += raw(SYS_fstat, number, (long)&found, 0, 0) == 0 && found.st_ino == wanted.st_ino;
  say("%d numbers are the victim's still\n", still);
  for (int number = FROM; number < TO; ++number) raw(SYS_close, number, 0, 0, 0);
}

int main(void) {
  static const size_t sizes[] = {1000, 300000, 3 << 20};
  static void (*const sweeps[])(int) = {close_all, put_over_all, put_everywhere};
  for (int sweep = 0; sweep < 3; ++sweep)
    for (int before = 0; before < 3; ++before)
      for (int after = 0; after < 3; ++after) {
        char name[32];
        snprintf(name, sizeof name, "file-%d-%d-%d", sweep, before, after);
        const pid_t pid = fork();
        if (pid == 0) {
          one(name, sweeps[sweep], sizes[before], sizes[after]);
          exit(0);
        }
        wait_for(pid);
      }
  return 0;
}
