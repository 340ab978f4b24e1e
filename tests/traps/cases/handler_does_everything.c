/* On top of a write(), a signal handler looks at the same file, changes what it may, and leaves
 * position and size as they were. */
#include <sys/file.h>

#include "trap.h"

enum { ALARMS = 600, WAYS = 14 };

static int fd, spare;
static volatile int alarms, failures, first_failure = -1;

static int act(int way) {
  struct stat facts;
  char record[RECORD];
  make_record(record, 'm', 0);
  switch (way) {
    case 0:
      return lseek(fd, 0, SEEK_CUR) % RECORD == 0;
    case 1:
      return fstat(fd, &facts) == 0 && facts.st_size % RECORD == 0;
    case 2:
      return fsync(fd) == 0;
    case 3:
      return pwrite(fd, record, RECORD, 0) == RECORD;
    case 4:
      return pread(fd, record, RECORD, 0) == RECORD && record[0] == 'm';
    case 5: {
      const int copy = dup(fd);
      return copy >= 0 && close(copy) == 0;
    }
    case 6: {
      const int again = open("file", O_RDWR);
      const int good = fstat(again, &facts) == 0 && facts.st_size % RECORD == 0;
      return again >= 0 && close(again) == 0 && good;
    }
    case 7:
      return fcntl(fd, F_SETFL, fcntl(fd, F_GETFL)) == 0;
    case 8:
      return dup2(fd, spare) == spare;
    case 9:
      return stat("file", &facts) == 0 && facts.st_size % RECORD == 0;
    case 10:
      return fchmod(fd, 0640 + (mode_t)alarms % 2) == 0;
    case 11:
      return flock(spare, LOCK_EX | LOCK_NB) == 0 && flock(spare, LOCK_UN) == 0;
    case 12:
      return rename("file", "renamed") == 0 && rename("renamed", "file") == 0;
    default:
      return sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE) == 0;
  }
}

static void on_alarm(int signal) {
  (void)signal;
  const int kept = errno;
  const int way = alarms % WAYS;
  if (!act(way)) {
    ++failures;
    if (first_failure < 0) first_failure = way * 1000 + errno;
  }
  ++alarms;
  errno = kept;
}

int main(void) {
  const struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
  const struct itimerval often = {{0, 150}, {0, 150}}, never = {{0, 0}, {0, 0}};
  char record[RECORD], expected[RECORD];
  int number = 0, bad = 0, next = 0;
  must(sigaction(SIGALRM, &action, NULL) == 0);
  fd = create("file");
  spare = fcntl(fd, F_DUPFD, 50);
  put_record(fd, 'm', number++);
  must(setitimer(ITIMER_REAL, &often, NULL) == 0);
  while (alarms < ALARMS) {
    put_record(fd, 'm', number);
    ++number;
  }
  must(setitimer(ITIMER_REAL, &never, NULL) == 0);
  say("position %s\n", lseek(fd, 0, SEEK_CUR) == (long)number * RECORD ? "right" : "wrong");
  say("size %s\n", lseek(fd, 0, SEEK_END) == (long)number * RECORD ? "right" : "wrong");
  must(lseek(fd, 0, SEEK_SET) == 0);
  while (read(fd, record, RECORD) == RECORD) {
    make_record(expected, 'm', next++);
    if (memcmp(record, expected, RECORD) != 0) ++bad;
  }
  say("%s, %d bad, %d failures, first %d\n", next == number ? "all" : "not all", bad, failures,
      first_failure);
  must(ftruncate(fd, 0) == 0);
  return 0;
}
