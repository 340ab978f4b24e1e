/* A signal handler ends the process on top of a write(), in each way there is: what write() had
 * accepted is there, whole, and nothing waits for itself. */
#include "trap.h"

enum { ROUNDS = 12 };

struct progress {
  volatile int accepted, alarms;
};

static struct progress* progress;
static int way, fd, last_alarm;

static void end(void) {
  if (way == 0) _exit(10);
  if (way == 1) exit(11);
  if (way == 2) quick_exit(12);
  if (way == 3) execl("/bin/sh", "sh", "-c", "exit 13", (char*)NULL);
  if (way == 4) abort();
  if (way == 5) {
    close(fd);
    _Exit(15);
  }
  if (way == 6) {
    const pid_t pid = fork();
    if (pid == 0) exit(0);
    int status = -1;
    waitpid(pid, &status, 0);
    _exit(status == 0 ? 16 : 99);
  }
}

static void on_alarm(int signal) {
  (void)signal;
  if (++progress->alarms == last_alarm) end();
}

static void write_until_ended(void) {
  const struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
  must(sigaction(SIGALRM, &action, NULL) == 0);
  fd = create("file");
  const struct itimerval often = {{0, 150}, {0, 150}};
  must(setitimer(ITIMER_REAL, &often, NULL) == 0);
  for (;;) {
    put_record(fd, 'm', progress->accepted);
    ++progress->accepted;
  }
}

int main(void) {
  progress =
      mmap(NULL, sizeof *progress, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  must(progress != MAP_FAILED);
  for (way = 0; way < 7; ++way) {
    int wrong = 0, last_status = 0;
    for (int round = 0; round < ROUNDS; ++round) {
      progress->accepted = progress->alarms = 0;
      last_alarm = 1 + 3 * round;
      const pid_t pid = fork();
      if (pid == 0) write_until_ended();
      must(waitpid(pid, &last_status, 0) == pid);
      struct stat facts;
      must(stat("file", &facts) == 0);
      const long records = facts.st_size / RECORD;
      if (facts.st_size % RECORD != 0 || records < progress->accepted ||
          records > progress->accepted + 1)
        ++wrong;
    }
    say("way %d: status %x, %d wrong\n", way, (unsigned)last_status, wrong);
  }
  must(truncate("file", 0) == 0);
  return 0;
}
