/* freopen() that fails has closed the stream's number: nothing may be written to it any more. */
#include "trap.h"

int main(void) {
  const int saved = fcntl(1, F_DUPFD, 100);
  const int fd = create("file");
  must(dup2(fd, 1) == 1 && close(fd) == 0);
  must(write(1, "abc", 3) == 3);
  const FILE* const stream = freopen("/nonexistent/x", "w", stdout);
  const ssize_t written = write(1, "def", 3);
  const int error = errno;
  const int next = open("next", O_WRONLY | O_CREAT, 0644);
  must(write(next, "ghi", 3) == 3);
  must(dup2(saved, 5) == 5);
  dprintf(5, "stream %s, write %d %s, the next number is %d\n", stream == NULL ? "gone" : "there",
          (int)written, strerror(error), next);
  return 0;
}
