/* dontcache_stage FILE: standard input into the file in pieces of 1 MiB that the kernel drops from
 * its page cache once they are on the disk (Linux 6.14). Exits with 3 where it can't. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef RWF_DONTCACHE
#define RWF_DONTCACHE 0x00000080
#endif

enum { kPiece = 1 << 20 };

/* As much as there is, but a whole piece unless the input ends. */
static ssize_t fill(char* piece) {
  ssize_t have = 0;
  while (have < kPiece) {
    const ssize_t n = read(0, piece + have, (size_t)(kPiece - have));
    if (n < 0) return -1;
    if (n == 0) break;
    have += n;
  }
  return have;
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  char* piece = aligned_alloc(4096, kPiece);
  const int fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (!piece || fd < 0) return 1;
  ssize_t have;
  while ((have = fill(piece)) > 0) {
    for (ssize_t done = 0; done < have;) {
      const struct iovec rest = {piece + done, (size_t)(have - done)};
      const ssize_t n = pwritev2(fd, &rest, 1, -1, RWF_DONTCACHE);
      if (n < 0) {
        const int unknown = errno == EOPNOTSUPP || errno == ENOSYS;
        perror(argv[1]);
        return unknown ? 3 : 1;
      }
      done += n;
    }
  }
  return have < 0 || close(fd) != 0;
}
