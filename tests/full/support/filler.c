// Writes a file until it is refused, and says what each call returned.
//
//   filler FILE SIZE [OPTION...]     writes of SIZE bytes
//     stdio            by fwrite to a stream
//     most=BYTES       no more than so many
//     from=BYTES       begins there, by lseek
//     at=BYTES         when so many are accepted:
//     limit=BYTES      sets a file size limit (RLIMIT_FSIZE)
//     turn=FIFO        tells who reads FIFO.there, and waits for who writes to FIFO.back
//     gaps=BYTES       leaves so many bytes out after each write, by pwrite
//     times            sets the file's times before it is closed
//   filler check FILE BYTES [FROM]   whether a file's bytes are those, from FROM to BYTES
//
// Standard output: "accepted N", then the calls that didn't take all, each with what it returned.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../support/newer_libc.h"

static unsigned char pattern(long long at) { return (unsigned char)(at * 131 + at / 251); }

static void die(const char* what) {
  perror(what);
  exit(1);
}

static char results[4096];

static void note(const char* call, const char* what) {
  const size_t length = strlen(results);
  snprintf(results + length, sizeof results - length, "%s %s\n", call, what);
}

// Of a short count only that it was short, and of several only one: where a disk is full isn't for
// the test to say, nor how often it finds a little room again.
static void note_short(const char* call) {
  static int noted;
  if (!noted) note(call, "short");
  noted = 1;
}

static int check(const char* path, long long bytes, long long from) {
  FILE* const file = fopen(path, "r");
  struct stat facts;
  if (file == NULL || fstat(fileno(file), &facts) != 0) die(path);
  if (facts.st_size != bytes) {
    fprintf(stderr, "%s has %lld bytes, not %lld\n", path, (long long)facts.st_size, bytes);
    return 1;
  }
  if (fseeko(file, from, SEEK_SET) != 0) die(path);
  for (long long at = from; at < bytes; ++at)
    if (getc_unlocked(file) != pattern(at)) {
      fprintf(stderr, "%s differs at %lld\n", path, at);
      return 1;
    }
  return 0;
}

static void take_turn(const char* fifo) {
  char name[4096], byte = 0;
  snprintf(name, sizeof name, "%s.there", fifo);
  int fd = open(name, O_WRONLY);
  if (fd < 0 || close(fd) != 0) die(name);
  snprintf(name, sizeof name, "%s.back", fifo);
  if ((fd = open(name, O_RDONLY)) < 0 || read(fd, &byte, 1) != 0) die(name);
  close(fd);
}

static void ignore(int signal) { (void)signal; }

int main(int argc, char** argv) {
  if (argc >= 4 && strcmp(argv[1], "check") == 0)
    return check(argv[2], atoll(argv[3]), argc > 4 ? atoll(argv[4]) : 0);
  if (argc < 3) return 2;
  const size_t size = (size_t)atoll(argv[2]);
  int by_stdio = 0, times = 0;
  long long most = -1, at = -1, limit = -1, from = 0, gaps = 0;
  const char* turn = NULL;
  for (int i = 3; i < argc; ++i) {
    if (strcmp(argv[i], "stdio") == 0)
      by_stdio = 1;
    else if (strcmp(argv[i], "times") == 0)
      times = 1;
    else if (sscanf(argv[i], "most=%lld", &most) == 1)
      continue;
    else if (sscanf(argv[i], "from=%lld", &from) == 1)
      continue;
    else if (sscanf(argv[i], "gaps=%lld", &gaps) == 1)
      continue;
    else if (sscanf(argv[i], "limit=%lld", &limit) == 1)
      continue;
    else if (sscanf(argv[i], "at=%lld", &at) == 1)
      continue;
    else if (strncmp(argv[i], "turn=", 5) == 0)
      turn = argv[i] + 5;
    else
      return 2;
  }
  signal(SIGXFSZ, ignore);

  // The pattern, long enough to begin anywhere within its period.
  const long long period = 256LL * 251;
  unsigned char* const bytes = malloc(size + (size_t)period);
  if (bytes == NULL) die("malloc");
  for (long long i = 0; i < (long long)size + period; ++i) bytes[i] = pattern(i);

  const int fd = open(argv[1], O_WRONLY | O_CREAT, 0600);
  if (fd < 0) die(argv[1]);
  if (from > 0 && lseek(fd, from, SEEK_SET) != from) die("lseek");
  FILE* const stream = by_stdio ? fdopen(fd, "w") : NULL;
  if (by_stdio && stream == NULL) die("fdopen");

  long long accepted = from, place = from;
  // Three more once it is refused. A short count isn't yet a refusal: a file system that frees
  // space meanwhile may give many of them. But a stream that has given one is full of bytes it
  // can't write.
  for (int refusals = 0; refusals < 4 && (most < 0 || accepted - from < most);) {
    if (at >= 0 && accepted - from >= at) {
      at = -1;
      if (limit >= 0) {
        const struct rlimit lower = {(rlim_t)limit, RLIM_INFINITY};
        if (setrlimit(RLIMIT_FSIZE, &lower) != 0) die("setrlimit");
      }
      if (turn != NULL) take_turn(turn);
    }
    const unsigned char* const source = bytes + place % period;
    long result;
    if (by_stdio) {
      clearerr(stream);
      errno = 0;
      result = (long)fwrite_unlocked(source, 1, size, stream);
      if (result == 0 && errno != 0) result = -1;
    } else {
      result = gaps > 0 ? pwrite(fd, source, size, place) : write(fd, source, size);
    }
    const char* const call = by_stdio ? "fwrite" : "write";
    if (result < 0)
      note(call, strerrorname_np(errno));
    else if (result < (long)size)
      note_short(call);
    refusals += by_stdio ? result < (long)size : result <= 0;
    if (result > 0) {
      accepted += result;
      place += result + gaps;
    }
  }
  // What a stream has taken, it may still lose; its buffer isn't the kernel's.
  if (by_stdio && fflush(stream) != 0) note("fflush", strerrorname_np(errno));
  if (times) {
    const struct timespec then[2] = {{1000000000, 0}, {1000000000, 0}};
    if (futimens(fd, then) != 0) die("futimens");
  } else if (fsync(fd) != 0) {
    note("fsync", strerrorname_np(errno));
  }
  if ((by_stdio ? fclose(stream) : close(fd)) != 0) note("close", strerrorname_np(errno));
  printf("accepted %lld\n%s", accepted, results);
  return 0;
}
