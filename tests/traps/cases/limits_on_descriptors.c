/* RLIMIT_NOFILE huge and tiny (nocache#38: tables sized by it): neither memory nor failures. */
#include "trap.h"

/* A number as high as may be, or just beyond those that the shim keeps a table of: the table that
 * the kernel keeps would take gigabytes else. Everything goes on by both numbers. */
static void write_by_high_number(int fd, rlim_t most) {
  const int wanted = most <= 1 << 20 ? (int)most - 1 : (1 << 20) + 10;
  const int high = dup2(fd, wanted);
  say("number %d\n", high);
  must(high == wanted);
  put_records(high, 'h', 1000);
  say_result(lseek(fd, 0, SEEK_CUR));
  put_records(fd, 'l', 1000);
  say_result(lseek(high, 0, SEEK_CUR));
  const int again = open("/dev/null", O_RDONLY), moved = fcntl(fd, F_DUPFD, wanted - 1);
  say("moved to %d\n", moved);
  put_records(moved, 'm', 1000);
  must(close(again) == 0 && close(high) == 0 && close(moved) == 0);
  put_records(fd, 'n', 1000);
}

/* Another description of the file, by a number that is higher than all others. */
static void open_at_high_number(const char* name, rlim_t most) {
  const int low = (int)most - 20 < 1 << 20 ? (int)most - 20 : 1 << 20;
  const int fd = create(name), second = open(name, O_RDONLY);
  const int high = fcntl(second, F_DUPFD, low);
  char back[RECORD + 1] = "";
  struct stat facts;
  must(high >= low);
  put_records(fd, 'x', 1000);
  must(fstat(high, &facts) == 0 && pread(high, back, RECORD, 900 * RECORD) == RECORD);
  say("%ld bytes, %s", (long)facts.st_size, back);
  must(close(high) == 0 && close(second) == 0 && close(fd) == 0);
}

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
  if (limit.rlim_cur > 1024) {
    write_by_high_number(fds[0], limit.rlim_cur);
    open_at_high_number("high", limit.rlim_cur);
  }
  for (int i = 0; i < count; ++i) must(close(fds[i]) == 0);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  if (usage.ru_maxrss > 100000) say("%ld KiB\n", usage.ru_maxrss);
  return 0;
}

/* What the system allows, or this process. */
static struct rlimit limit_of(rlim_t most) {
  struct rlimit limit, before;
  long allowed = 1 << 20;
  FILE* const setting = fopen("/proc/sys/fs/nr_open", "r");
  if (setting != NULL) {
    if (fscanf(setting, "%ld", &allowed) != 1) allowed = 1 << 20;
    fclose(setting);
  }
  must(getrlimit(RLIMIT_NOFILE, &before) == 0);
  limit.rlim_cur = most < (rlim_t)allowed ? most : (rlim_t)allowed;
  limit.rlim_max = limit.rlim_cur > before.rlim_max ? limit.rlim_cur : before.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
    limit = (struct rlimit){before.rlim_max, before.rlim_max};
  must(setrlimit(RLIMIT_NOFILE, &before) == 0);
  return limit;
}

static void run_with(const char* program, rlim_t most) {
  const struct rlimit limit = limit_of(most);
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
