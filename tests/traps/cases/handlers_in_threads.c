/* Two threads write a file each, and the handlers on top of them write to both: nobody waits for a
 * lock that is held by whoever waits for his. */
#include "trap.h"

enum { SIGNALS = 1500 };

static int fds[2];
static volatile int stop, written[2], by_handlers[2];
static __thread int which;

static void on_signal(int signal) {
  (void)signal;
  const int kept = errno;
  const int number = by_handlers[which]++;
  /* The other one's first. */
  put_record(fds[!which], (char)('h' + which), number);
  put_record(fds[which], (char)('h' + which), number);
  errno = kept;
}

static void* write_own(void* argument) {
  which = *(const int*)argument;
  while (!stop) {
    put_record(fds[which], (char)('a' + which), written[which]);
    ++written[which];
  }
  return NULL;
}

static void check(int fd) {
  int count['z' + 1] = {0}, bad = 0;
  char record[RECORD], expected[RECORD];
  must(lseek(fd, 0, SEEK_SET) == 0);
  while (read(fd, record, RECORD) == RECORD) {
    const int letter = record[0];
    if (letter < 'a' || letter > 'z') {
      ++bad;
      continue;
    }
    make_record(expected, (char)letter, count[letter]++);
    if (memcmp(record, expected, RECORD) != 0) ++bad;
  }
  const int own = fd == fds[0] ? 0 : 1;
  say("%s, %s, %s, %d bad\n", count['a' + own] == written[own] ? "all" : "not all",
      count['h'] == by_handlers[0] ? "all" : "not all",
      count['i'] == by_handlers[1] ? "all" : "not all", bad);
}

int main(void) {
  static const int numbers[2] = {0, 1};
  pthread_t threads[2];
  const struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  must(sigaction(SIGUSR1, &action, NULL) == 0);
  for (int i = 0; i < 2; ++i) fds[i] = create(i == 0 ? "first" : "second");
  for (int i = 0; i < 2; ++i)
    must(pthread_create(&threads[i], NULL, write_own, (void*)&numbers[i]) == 0);
  while (written[0] == 0 || written[1] == 0) sched_yield();
  for (int i = 0; i < SIGNALS; ++i) {
    const int before = by_handlers[i % 2];
    must(pthread_kill(threads[i % 2], SIGUSR1) == 0);
    while (i % 8 == 7 && by_handlers[i % 2] == before) sched_yield();
  }
  stop = 1;
  for (int i = 0; i < 2; ++i) must(pthread_join(threads[i], NULL) == 0);
  for (int i = 0; i < 2; ++i) check(fds[i]);
  for (int i = 0; i < 2; ++i) must(ftruncate(fds[i], 0) == 0);
  return 0;
}
