/* RLIMIT_AS leaves no room for the pool: the program doesn't notice. */
/* managed: no */
#include "trap.h"

int main(void) {
  FILE* const status = fopen("/proc/self/statm", "r");
  long pages = 0;
  must(fscanf(status, "%ld", &pages) == 1);
  fclose(status);
  const rlim_t room = (rlim_t)pages * 4096 + (1 << 20);
  const struct rlimit limit = {room, room};
  must(setrlimit(RLIMIT_AS, &limit) == 0);
  for (int i = 0; i < 50; ++i) {
    char name[16];
    snprintf(name, sizeof name, "file-%d", i);
    const int fd = create(name);
    put_bytes(fd, (char)('a' + i % 26), 100000);
    if (i % 10 != 0) close(fd);
  }
  say_result(malloc(100) != NULL);
  return 0;
}
