/* What the traps share. A trap prints what its calls returned and leaves files in the working
 * directory; run.sh compares both between a plain run and runs with the shim. */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../support/newer_libc.h"

enum { SKIPPED = 77, RECORD = 64 };

#define say(...) dprintf(1, __VA_ARGS__)
#define say_result(call)                                         \
  do {                                                           \
    errno = 0;                                                   \
    const long result_ = (long)(call);                           \
    const int error_ = errno;                                    \
    say("%s: %ld%s%s\n", #call, result_, result_ < 0 ? " " : "", \
        result_ < 0 ? strerror(error_) : "");                    \
  } while (0)

/* Ends the trap when what it builds on isn't so. */
#define must(condition)                                                \
  do {                                                                 \
    if (!(condition)) {                                                \
      say("line %d: %s: %s\n", __LINE__, #condition, strerror(errno)); \
      _exit(1);                                                        \
    }                                                                  \
  } while (0)

static inline int create(const char* name) {
  const int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);
  must(fd >= 0);
  return fd;
}

/* Records: a letter, a number, the letter again, a newline. One write() each. */
static inline void make_record(char* record, char letter, int number) {
  memset(record, letter, RECORD);
  for (int i = 8; i > 0; --i, number /= 10) record[i] = (char)('0' + number % 10);
  record[RECORD - 1] = '\n';
}

static inline void put_record(int fd, char letter, int number) {
  char record[RECORD];
  make_record(record, letter, number);
  must(write(fd, record, RECORD) == RECORD);
}

static inline void put_records(int fd, char letter, int count) {
  for (int i = 0; i < count; ++i) put_record(fd, letter, i);
}

/* Everything at once, of one letter. */
static inline void put_bytes(int fd, char letter, size_t bytes) {
  char piece[3001];
  memset(piece, letter, sizeof piece);
  while (bytes > 0) {
    const size_t part = bytes < sizeof piece ? bytes : sizeof piece;
    must(write(fd, piece, part) == (ssize_t)part);
    bytes -= part;
  }
}

/* Says how many records of each letter are whole and in order, then empties the file: in which
 * order the letters come is nobody's promise. */
static inline void account(const char* name) {
  int count['z' + 1] = {0}, bad = 0, disordered = 0;
  char record[RECORD], expected[RECORD];
  const int fd = open(name, O_RDWR);
  must(fd >= 0);
  ssize_t got;
  while ((got = read(fd, record, RECORD)) == RECORD) {
    const int letter = record[0];
    if (letter < 'A' || letter > 'z') {
      ++bad;
      continue;
    }
    make_record(expected, (char)letter, count[letter]);
    if (memcmp(record, expected, RECORD) != 0) {
      record[9] = '\0';
      make_record(expected, (char)letter, atoi(record + 1));
      if (memcmp(record + 10, expected + 10, RECORD - 10) == 0)
        ++disordered;
      else
        ++bad;
    }
    ++count[letter];
  }
  say("%s:", name);
  for (int letter = 'A'; letter <= 'z'; ++letter)
    if (count[letter] > 0) say(" %d of %c", count[letter], letter);
  say(", %d broken, %d out of order, %d bytes over\n", bad, disordered, (int)got);
  must(ftruncate(fd, 0) == 0);
  close(fd);
}

static inline void wait_for(pid_t pid) {
  int status = 0;
  must(pid > 0);
  must(waitpid(pid, &status, 0) == pid);
  if (status != 0) say("child: status %x\n", (unsigned)status);
}

/* A system call that no library sees. */
#if defined(__x86_64__)
static inline long raw(long number, long a, long b, long c, long d) {
  register long r10 __asm__("r10") = d;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
                   : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
static inline long raw(long number, long a, long b, long c, long d) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
  return x0;
}
#endif
