/*
 * gather FILE: writes the lines of standard input to FILE past the page cache.
 *
 * A log collector, an exporter or a recorder that is being written anew has no need of a preloaded
 * library: it can use the cache itself. This one shows all there is to it:
 *
 *   - each small record goes into the cache;
 *   - whenever a cluster is finished it is written, a large aligned piece on an O_DIRECT
 * descriptor;
 *   - at the end the unfinished cluster is written: its whole blocks direct, the ragged rest of
 * less than a block through the page cache, since O_DIRECT takes no such piece.
 *
 * The cache does no I/O and knows no file: where the bytes go, and what an error means, is decided
 * here.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <seqshim/seqcache_c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CLUSTER = 1 << 20, BLOCK = 4096 };

static void die(const char* what) {
  fprintf(stderr, "gather: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void write_all(int fd, const uint8_t* buf, int64_t bytes, int64_t offset) {
  while (bytes > 0) {
    const ssize_t n = pwrite(fd, buf, (size_t)bytes, offset);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) die("write");
    buf += n;
    bytes -= n;
    offset += n;
  }
}

/* Not every file system knows O_DIRECT; the pieces are large at any rate. */
static int open_direct(const char* path) {
  const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
  int fd = open(path, flags | O_DIRECT, 0666);
  if (fd < 0 && errno == EINVAL) fd = open(path, flags, 0666);
  if (fd < 0) die(path);
  return fd;
}

/* What is finished: whole clusters, that begin and end at a multiple of their size. */
static void write_finished(SeqCache* cache, int fd) {
  int64_t offset, bytes;
  uint8_t* buf;
  bool unfinished = false;
  while (seqcache_get_next_flush(cache, &offset, &bytes, &buf, &unfinished)) {
    write_all(fd, buf, bytes, offset);
    seqcache_discard_cluster(cache, offset);
  }
}

static void write_unfinished(SeqCache* cache, int fd) {
  int64_t offset, bytes, whole;
  uint8_t* buf;
  bool unfinished = true;
  if (!seqcache_get_next_flush(cache, &offset, &bytes, &buf, &unfinished)) return;
  whole = bytes / BLOCK * BLOCK;
  write_all(fd, buf, whole, offset);
  if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_DIRECT) != 0) die("fcntl");
  write_all(fd, buf + whole, bytes - whole, offset + whole);
  seqcache_discard_cluster(cache, offset);
}

int main(int argc, char** argv) {
  SeqCache* cache = seqcache_new(CLUSTER);
  int64_t position = 0, records = 0;
  char* line = NULL;
  size_t room = 0;
  ssize_t length;
  int fd;

  if (argc != 2) return fprintf(stderr, "usage: gather FILE <LINES\n"), 2;
  if (cache == NULL) die("seqcache_new");
  fd = open_direct(argv[1]);

  while ((length = getline(&line, &room, stdin)) > 0) {
    const int error = seqcache_write(cache, position, length, (const uint8_t*)line);
    if (error != 0) errno = -error, die("seqcache_write");
    position += length;
    records++;
    write_finished(cache, fd);
  }
  if (ferror(stdin)) die("standard input");
  write_unfinished(cache, fd);

  /* An empty cache is freed, any other refuses: nothing that was accepted can be forgotten. */
  if (seqcache_free(cache) != 0) return fprintf(stderr, "gather: bytes are left\n"), 1;
  if (fdatasync(fd) != 0 || close(fd) != 0) die(argv[1]);
  printf("%lld records, %lld bytes\n", (long long)records, (long long)position);
  free(line);
  return 0;
}
