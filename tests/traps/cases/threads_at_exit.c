/* Detached threads write while the process exits: each record that was accepted is there. */
#include "trap.h"

static int counts[2][2];

static void* write_on(void* index) {
  const int which = *(const int*)index;
  char name[16];
  snprintf(name, sizeof name, "thread-%d", which);
  const int fd = create(name);
  for (int i = 0;; ++i) {
    put_record(fd, (char)('a' + which), i);
    if (i == 3000 && write(counts[which][1], "x", 1) != 1) abort();
  }
  return NULL;
}

static int run(void) {
  static const int indices[2] = {0, 1};
  for (int i = 0; i < 2; ++i) {
    pthread_t thread;
    must(pipe(counts[i]) == 0);
    must(pthread_create(&thread, NULL, write_on, (void*)&indices[i]) == 0);
    must(pthread_detach(thread) == 0);
  }
  char byte;
  for (int i = 0; i < 2; ++i) must(read(counts[i][0], &byte, 1) == 1);
  return 0;
}

int main(int argc, char** argv) {
  if (argc > 1) return run();
  for (int round = 0; round < 10; ++round) {
    const pid_t pid = fork();
    if (pid == 0) {
      execl(argv[0], argv[0], "run", (char*)NULL);
      _exit(127);
    }
    wait_for(pid);
    for (int i = 0; i < 2; ++i) {
      char name[16], record[RECORD], wanted[RECORD];
      snprintf(name, sizeof name, "thread-%d", i);
      const int fd = open(name, O_RDONLY);
      int number = 0, bad = 0;
      ssize_t got;
      while ((got = read(fd, record, RECORD)) == RECORD) {
        make_record(wanted, (char)('a' + i), number++);
        if (memcmp(wanted, record, RECORD) != 0) ++bad;
      }
      say("%s: %s, %d broken, %d over\n", name, number > 3000 ? "enough" : "too few", bad,
          (int)got);
      close(fd);
      unlink(name);
    }
  }
  return 0;
}
