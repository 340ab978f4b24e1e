/* close_everything HOW FILE: writes FILE in pieces, closes every descriptor from 3 on in the way
 * HOW says while the data may still be on its way, says what the calls returned, goes on. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../support/newer_libc.h"

static void write_pieces(int fd, char letter, int count) {
  char piece[1237];
  memset(piece, letter, sizeof piece);
  for (int i = 0; i < count; ++i) {
    if (write(fd, piece, sizeof piece) != (ssize_t)sizeof piece) {
      printf("write: %s\n", strerror(errno));
      return;
    }
  }
}

static void close_each(int first) {
  int closed = 0, bad = 0, other = 0;
  for (int fd = first; fd <= 65535; ++fd) {
    if (close(fd) == 0)
      ++closed;
    else if (errno == EBADF)
      ++bad;
    else
      ++other;
  }
  printf("closed %d, EBADF %d, other %d\n", closed, bad, other);
}

/* Puts /dev/null on every number the limit allows. */
static void dup_over_each(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  const int null = open("/dev/null", O_WRONLY);
  int done = 0, failed = 0;
  for (int fd = 3; fd < 1024 && (rlim_t)fd < limit.rlim_cur; ++fd) {
    if (fd == null) continue;
    if (dup2(null, fd) == fd)
      ++done;
    else
      ++failed;
  }
  printf("dup2: %d done, %d failed\n", done, failed);
}

static void close_all(const char* how) {
  if (!strcmp(how, "close")) {
    close_each(3);
  } else if (!strcmp(how, "close_above")) {
    close_each(200);
  } else if (!strcmp(how, "close_range")) {
    printf("close_range %d\n", close_range(3, ~0U, 0));
  } else if (!strcmp(how, "close_range_raw")) {
    printf("close_range %ld\n", syscall(SYS_close_range, 3, ~0U, 0));
  } else if (!strcmp(how, "close_range_cloexec")) {
    printf("close_range %d\n", close_range(3, ~0U, CLOSE_RANGE_CLOEXEC));
  } else if (!strcmp(how, "close_range_unshare")) {
    printf("close_range %d\n", close_range(3, ~0U, CLOSE_RANGE_UNSHARE));
  } else if (!strcmp(how, "closefrom")) {
    closefrom(3);
  } else if (!strcmp(how, "dup2")) {
    dup_over_each();
  } else {
    exit(2);
  }
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;

  const int fd = open(argv[2], O_RDWR | O_CREAT | O_TRUNC, 0644);
  write_pieces(fd, 'a', 1001);
  close_all(argv[1]);
  errno = 0;
  printf("the old descriptor: %s\n", fcntl(fd, F_GETFD) < 0 ? strerror(errno) : "open");
  const int again = open(argv[2], O_WRONLY);
  // From 512 on the shim has numbers, which move out of the way of those that are asked for.
  printf("the next one is %d, at the end %ld\n", again < 512 ? again : 512,
         (long)lseek(again, 0, SEEK_END));
  write_pieces(again, 'b', 1001);
  close_all(argv[1]);
  const int last = open(argv[2], O_WRONLY | O_APPEND);
  write_pieces(last, 'c', 3);
  printf("size %ld\n", (long)lseek(last, 0, SEEK_END));
  fflush(stdout);
  close_all(argv[1]);
  return 0;
}
