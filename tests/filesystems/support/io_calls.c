/* io_calls FILE WORD...: makes the calls that the words stand for, and prints what came of each.
 *
 *   a, b        opens FILE as this description, and creates it if need be
 *   A           opens it as a, with O_APPEND
 *   w:PIECE:N   writes N pieces on a, and stops at the first error
 *   f, F        fsync of a, of b
 *   c, C        close of a, of b
 *   !COMMAND    has a shell run it
 *
 * Each byte of the file follows from its offset. At the end: how much of what it begins with is
 * right, of how much. Exit code 0, whatever failed. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../support/newer_libc.h"

static unsigned char byte_at(long long offset) {
  return (unsigned char)(offset * 131 + offset / 251 + offset / 65521);
}

static void tell(const char* call, int result) {
  printf("%s: %s\n", call, result == 0 ? "good" : strerrorname_np(errno));
}

static long long written;

/* As much of a piece as goes: the rest of a short write is the next one. */
static void write_pieces(int fd, size_t piece, int count) {
  char* const bytes = malloc(piece);
  const long long end = written + (long long)piece * count;
  while (written < end) {
    const long long rest = end - written;
    const size_t next = rest < (long long)piece ? (size_t)rest : piece;
    for (size_t i = 0; i < next; ++i) bytes[i] = (char)byte_at(written + (long long)i);
    const ssize_t done = write(fd, bytes, next);
    if (done < 0) break;
    written += done;
  }
  tell("write", written < end ? -1 : 0);
  fprintf(stderr, "%lld bytes accepted\n", written);
  free(bytes);
}

static void check(const char* path) {
  const int fd = open(path, O_RDONLY);
  static unsigned char bytes[65536];
  long long good = 0, seen = 0;
  for (ssize_t count; (count = read(fd, bytes, sizeof bytes)) > 0; seen += count)
    for (ssize_t i = 0; i < count && good == seen + i; ++i) good += bytes[i] == byte_at(good);
  struct stat facts;
  if (fstat(fd, &facts) != 0) exit(2);
  fprintf(stderr, "%lld good of %lld\n", good, (long long)facts.st_size);
  close(fd);
}

int main(int argc, char** argv) {
  int a = -1, b = -1;
  if (argc < 3) return 2;
  for (int i = 2; i < argc; ++i) {
    size_t piece;
    int count;
    fflush(stdout);
    switch (argv[i][0]) {
      case 'a':
        a = open(argv[1], O_RDWR | O_CREAT, 0644);
        break;
      case 'A':
        a = open(argv[1], O_RDWR | O_CREAT | O_APPEND, 0644);
        break;
      case 'b':
        b = open(argv[1], O_RDWR);
        break;
      case 'f':
        tell("fsync a", fsync(a));
        break;
      case 'F':
        tell("fsync b", fsync(b));
        break;
      case 'c':
        tell("close a", close(a));
        break;
      case 'C':
        tell("close b", close(b));
        break;
      case '!':
        if (system(argv[i] + 1) != 0) return 2;
        break;
      case 'w':
        if (sscanf(argv[i], "w:%zu:%d", &piece, &count) != 2) return 2;
        write_pieces(a, piece, count);
        break;
      default:
        return 2;
    }
  }
  check(argv[1]);
  return 0;
}
