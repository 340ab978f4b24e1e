/* Limits that a program sets once its files are being written, each as low as can be: it has what
 * it needs, and nobody else is to need more. */
#include "trap.h"

static void nobody(void) {
  if (getuid() == 0) must(setuid(65534) == 0);
}

static void few_descriptors(void) { must(setrlimit(RLIMIT_NOFILE, &(struct rlimit){16, 16}) == 0); }

static void no_descriptor(void) { must(setrlimit(RLIMIT_NOFILE, &(struct rlimit){0, 0}) == 0); }

static void little_address_space(void) {
  must(setrlimit(RLIMIT_AS, &(struct rlimit){1 << 20, 1 << 20}) == 0);
}

/* Which doesn't bind root. */
static void no_locked_memory(void) {
  must(setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){0, 0}) == 0);
  nobody();
}

static void no_processes(void) {
  must(setrlimit(RLIMIT_NPROC, &(struct rlimit){0, 0}) == 0);
  nobody();
}

static void little_of_all(void) {
  must(setrlimit(RLIMIT_STACK, &(struct rlimit){65536, 65536}) == 0);
  must(setrlimit(RLIMIT_DATA, &(struct rlimit){0, 0}) == 0);
  must(setrlimit(RLIMIT_SIGPENDING, &(struct rlimit){0, 0}) == 0);
  few_descriptors();
  little_address_space();
  no_locked_memory();
  no_processes();
}

/* What was the shim's, closed where it may not have another. */
static void few_descriptors_and_ours_closed(void) {
  few_descriptors();
  for (int fd = 512; fd < 600; ++fd) raw(SYS_close, fd, 0, 0, 0);
}

static void see(int fd) {
  struct stat facts;
  must(fstat(fd, &facts) == 0);
  say("%ld bytes, at %ld\n", (long)facts.st_size, (long)lseek(fd, 0, SEEK_CUR));
}

/* With `begun`, before the limit, or from then on. */
static void write_under(void (*lower)(void), int number, size_t begun) {
  char name[32];
  snprintf(name, sizeof name, "file-%d-%zu", number, begun);
  const int fd = create(name), other = create("other");
  put_bytes(fd, 'a', begun);
  lower();
  put_bytes(fd, 'b', 1000);
  put_bytes(other, 'o', 300000);
  see(fd);
  put_bytes(fd, 'c', 3 << 20);
  say_result(pwrite(fd, "d", 1, 17));
  see(fd);
  say_result(dup(fd) >= 0);
  say_result(fsync(fd));
  put_bytes(fd, 'e', 100000);
  const pid_t pid = fork();
  say("forked: %s\n", pid < 0 ? strerror(errno) : "yes");
  if (pid == 0) {
    put_bytes(fd, 'f', 100000);
    _exit(0);
  }
  if (pid > 0) wait_for(pid);
  put_bytes(fd, 'g', 100000);
  see(fd);
  const int last = open(name, O_WRONLY | O_APPEND);
  say("opened again: %s\n", last < 0 ? strerror(errno) : "yes");
  if (last >= 0) put_bytes(last, 'h', 1000);
  say_result(close(fd));
}

int main(void) {
  static void (*const limits[])(void) = {
      few_descriptors, no_descriptor, little_address_space,           no_locked_memory,
      no_processes,    little_of_all, few_descriptors_and_ours_closed};
  static const size_t begun[] = {0, 1000, 3 << 20};
  for (int i = 0; i < (int)(sizeof limits / sizeof *limits); ++i)
    for (int j = 0; j < 3; ++j) {
      say("limit %d, after %zu\n", i, begun[j]);
      const pid_t pid = fork();
      if (pid == 0) {
        write_under(limits[i], i, begun[j]);
        exit(0);
      }
      wait_for(pid);
    }
  return 0;
}
