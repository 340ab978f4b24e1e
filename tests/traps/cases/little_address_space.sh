# shellcheck shell=bash disable=SC2034
# Programs under `ulimit -v` start and write: what the library takes of the address space is little.
setup() {
  cat >"$WORK/small.c" <<'C'
#include <fcntl.h>
#include <unistd.h>
int main(void) {
  const int fd = open("file", O_WRONLY | O_CREAT | O_TRUNC, 0644);
  for (int i = 0; i < 1000; ++i)
    if (write(fd, "0123456789", 10) != 10) return 1;
  return close(fd);
}
C
  compile "$WORK/program" "$WORK/small.c"
}
managed=no  # there is no room for clusters
run() { (ulimit -v 8000 && preloaded "$WORK/program"); }
