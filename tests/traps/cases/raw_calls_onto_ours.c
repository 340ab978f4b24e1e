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

static void one(int fd, void (*sweep)(int), size_t before, size_t after) {
  const int victim = create("victim");
  static const char bytes[1000];
  must(raw(SYS_write, victim, (long)bytes, sizeof bytes, 0) == sizeof bytes);
  say_result(lseek(victim, 500, SEEK_SET));
  put_bytes(fd, 'a', before);
  usleep(20000); /* a write that has just been found to go the right way would miss it */
  sweep(victim);
  put_bytes(fd, 'b', after);
  say_result(lseek(fd, 0, SEEK_CUR));
  put_bytes(fd, 'c', 100000);
  say_result(fsync(fd));
  put_bytes(fd, 'd', 100000);
  say_result(close(fd));
  say_result(lseek(victim, 0, SEEK_CUR));
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

/* With `shared`, others hold the description, too, as they do of what a shell has redirected. */
static void look(int sweep, int shared, size_t before, size_t after) {
  static void (*const sweeps[])(int) = {close_all, put_over_all, put_everywhere};
  char name[64];
  snprintf(name, sizeof name, "file-%d-%d-%zu-%zu", sweep, shared, before, after);
  const int fd = shared ? create(name) : -1;
  const pid_t pid = fork();
  if (pid == 0) {
    one(shared ? fd : create(name), sweeps[sweep], before, after);
    exit(0);
  }
  wait_for(pid);
  if (shared) must(close(fd) == 0);
}

int main(void) {
  static const size_t sizes[] = {1000, 300000, 3 << 20};
  for (int sweep = 0; sweep < 3; ++sweep)
    for (int i = 0; i < 9; ++i) look(sweep, 0, sizes[i / 3], sizes[i % 3]);
  for (int sweep = 0; sweep < 3; ++sweep)
    for (int i = 0; i < 9; i += 4) look(sweep, 1, sizes[i / 3], sizes[i % 3]);
  return 0;
}
