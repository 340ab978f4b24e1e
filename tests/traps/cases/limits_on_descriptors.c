/* RLIMIT_NOFILE huge and tiny (nocache#38: tables sized by it): neither memory nor failures. */
#include "trap.h"

static int write_under_limit(void) {
  struct rlimit limit;
  char name[32], record[RECORD];
  int fds[16], count = 0;
  must(getrlimit(RLIMIT_NOFILE, &limit) == 0);
  memset(record, 'r', sizeof record);
  /* All that the limit allows, if it is small. */
  for (int i = 0; i < 16; ++i) {
    snprintf(name, sizeof name, "limit-%ld-%d", (long)limit.rlim_cur, i);
    const int fd = open(name, O_RDWR | O_CREAT, 0644);
    if (fd < 0) {
      say("%d: %s\n", i, strerror(errno));
      break;
    }
    fds[count++] = fd;
  }
  for (int i = 0; i < 2000; ++i)
    for (int j = 0; j < count; ++j) must(write(fds[j], record, RECORD) == RECORD);
  say("%d files, the last is number %d\n", count, fds[count - 1]);
  say_result(dup(fds[0]));
  for (int i = 0; i < count; ++i) must(close(fds[i]) == 0);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  if (usage.ru_maxrss > 100000) say("%ld KiB\n", usage.ru_maxrss);
  return 0;
}

static void run_with(const char* program, rlim_t most) {
  struct rlimit limit;
  must(getrlimit(RLIMIT_NOFILE, &limit) == 0);
  limit.rlim_cur = most < limit.rlim_max ? most : limit.rlim_max;
  const pid_t pid = fork();
  if (pid == 0) {
    must(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    execl(program, program, "run", (char*)NULL);
    _exit(127);
  }
  wait_for(pid);
}

int main(int argc, char** argv) {
  if (argc > 1) return write_under_limit();
  run_with(argv[0], (rlim_t)1 << 30);
  run_with(argv[0], 1024);
  run_with(argv[0], 520);
  run_with(argv[0], 16);
  return 0;
}
