/* Shells move what they hold to 10 and above, bash to 255, others to where our own numbers are:
 * the program's number wins, and its file goes on there. */
#include "trap.h"

int main(void) {
  static const int bounds[] = {10, 63, 255, 256, 500, 512, 513, 515, 600, 1000};
  const struct rlimit limit = {1024, 1024};
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return SKIPPED;
  int fd = create("file");
  int kept = create("kept");
  put_bytes(kept, 'k', 100000);
  for (size_t i = 0; i < sizeof bounds / sizeof *bounds; ++i) {
    put_bytes(fd, (char)('a' + i), 123456);
    const int moved = fcntl(fd, i % 2 == 0 ? F_DUPFD : F_DUPFD_CLOEXEC, bounds[i]);
    /* Where our own begin, which number is free is our affair. */
    say("%d: %s\n", bounds[i], bounds[i] < 500 && moved == bounds[i] ? "there" : "above");
    must(moved >= bounds[i]);
    close(fd);
    fd = moved;
    /* Onto numbers that may be ours. */
    must(dup2(fd, 520 + (int)i) == 520 + (int)i);
    put_bytes(520 + (int)i, (char)('A' + i), 1234);
    put_bytes(kept, 'k', 100000);
  }
  /* All there are, over ours, whatever they are. */
  for (int number = 3; number < 1024; ++number)
    if (number != fd && number != kept) must(dup2(number % 2 == 0 ? fd : kept, number) == number);
  for (int number = 3; number < 1024; ++number) put_bytes(number, '#', 999);
  say_result(lseek(fd, 0, SEEK_CUR));
  say_result(lseek(kept, 0, SEEK_CUR));
  say_result(open("one-more", O_WRONLY | O_CREAT, 0644));
  /* The report wants one. */
  close(1023);
  return 0;
}
