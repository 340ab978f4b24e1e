/* A daemon closes all it has, in each way there is, with bytes on their way (proxychains-ng#439,
 * onload#111, gamescope#2422). tests/strace looks closer. */
#include "trap.h"

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC 4
#endif

static void sweep(int way) {
  int closed = 0;
  if (way == 0) closefrom(3);
  if (way == 1) say_result(close_range(3, ~0U, 0));
  if (way == 2)
    for (int fd = 3; fd < 65536; ++fd) closed += close(fd) == 0;
  if (way == 3)
    for (int fd = 65535; fd > 2; --fd) closed += close(fd) == 0;
  if (way == 4) say_result(close_range(600, 700, 0));
  if (way == 5) say_result(close_range(3, ~0U, CLOSE_RANGE_CLOEXEC));
  if (way == 6) say_result(close_range(10, 5, 0));
  say("way %d: %d closed\n", way, closed);
}

int main(void) {
  for (int way = 0; way < 7; ++way) {
    char name[16];
    snprintf(name, sizeof name, "file-%d", way);
    const int fd = create(name);
    put_bytes(fd, 'a', 1234567);
    sweep(way);
    say_result(write(fd, "still here?", 11));
    const int again = open(name, O_WRONLY | O_APPEND);
    say("next number %d\n", again);
    put_bytes(again, 'b', 100);
    const int third = open(name, O_RDWR);
    put_bytes(third, 'c', 1234567);
    sweep(way);
    close(again);
    close(third);
    close(fd);
  }
  return 0;
}
