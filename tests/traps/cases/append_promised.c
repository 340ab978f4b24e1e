/* Under SEQSHIM_APPEND=1, appending meets writes that do not append, in the same process. */
#include "trap.h"

int main(void) {
  /* The appending number is the second one, and the first has bytes waiting. */
  int first = create("appended-second");
  put_bytes(first, 'a', 10000);
  close(first);
  first = open("appended-second", O_RDWR);
  int second = open("appended-second", O_WRONLY | O_APPEND);
  say_result(lseek(first, 100, SEEK_SET));
  say_result(write(first, "XXXXXXXXXX", 10));
  say_result(write(second, "TAIL", 4));
  say_result(lseek(second, 0, SEEK_CUR));
  close(first);
  close(second);

  /* The other way round: it was appended to, then another number begins at 0. */
  first = open("appended-first", O_WRONLY | O_CREAT | O_APPEND, 0644);
  put_bytes(first, 'a', 200 << 10);
  must(fsync(first) == 0);
  second = open("appended-first", O_WRONLY);
  put_bytes(second, 'b', 64 << 10);
  say_result(lseek(second, 0, SEEK_CUR));
  close(second);
  close(first);

  /* The flag goes. */
  first = open("flag-cleared", O_WRONLY | O_CREAT | O_APPEND, 0644);
  put_bytes(first, 'a', 200 << 10);
  must(fsync(first) == 0);
  say_result(fcntl(first, F_SETFL, 0));
  say_result(lseek(first, 0, SEEK_SET));
  put_bytes(first, 'b', 64 << 10);
  say_result(lseek(first, 0, SEEK_CUR));
  say_result(lseek(first, 0, SEEK_END));
  return 0;
}
