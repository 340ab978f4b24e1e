/* The log's number gets one new file after the other while a thread writes lines to it: no line is
 * lost, no descriptor stays behind. */
#include <dirent.h>

#include "trap.h"

enum { FILES = 200, LOG = 200 };

static volatile int stop;
static int lines, failed;

static void* write_lines(void* argument) {
  (void)argument;
  while (!stop) {
    char record[RECORD];
    make_record(record, 'l', lines);
    if (write(LOG, record, RECORD) == RECORD)
      ++lines;
    else
      ++failed;
  }
  return NULL;
}

static int open_ones(void) {
  int count = 0;
  DIR* const directory = opendir("/proc/self/fd");
  must(directory != NULL);
  while (readdir(directory) != NULL) ++count;
  closedir(directory);
  return count;
}

int main(void) {
  pthread_t thread;
  char name[32], record[RECORD], wanted[RECORD];
  const int before = open_ones();
  for (int i = 0; i < FILES; ++i) {
    snprintf(name, sizeof name, "log-%d", i);
    const int fd = create(name);
    must(dup2(fd, LOG) == LOG && close(fd) == 0);
    if (i == 0) must(pthread_create(&thread, NULL, write_lines, NULL) == 0);
    if (i % 8 == 0) usleep(100);
  }
  stop = 1;
  must(pthread_join(thread, NULL) == 0);
  must(close(LOG) == 0);
  const int after = open_ones();
  if (after > before + 10) say("%d descriptors before, %d after\n", before, after);
  /* How many lines there are differs from run to run. */
  int found = 0, bad = 0;
  for (int i = 0; i < FILES; ++i) {
    snprintf(name, sizeof name, "log-%d", i);
    const int fd = open(name, O_RDONLY);
    ssize_t got;
    while ((got = read(fd, record, RECORD)) > 0) {
      make_record(wanted, 'l', found++);
      if (got != RECORD || memcmp(record, wanted, RECORD) != 0) ++bad;
    }
    close(fd);
    must(truncate(name, 0) == 0);
  }
  say("%s, %d broken, %d writes failed\n", found == lines ? "all lines" : "not all lines", bad,
      failed);
  return 0;
}
