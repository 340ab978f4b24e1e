/* Two descriptions of one file, by one name or two (UnifyFS#215). */
#include "trap.h"

static void see(int fd, off_t offset, const char* what) {
  char piece[11] = "";
  const long got = pread(fd, piece, 10, offset);
  say("%s: %ld %s\n", what, got, piece);
}

int main(void) {
  const int first = create("file");
  must(link("file", "other-name") == 0);
  const int second = open("other-name", O_RDWR);
  const int reader = open("file", O_RDONLY);
  for (int i = 0; i < 200; ++i) {
    put_bytes(first, 'a', 777);
    put_bytes(second, 'b', 333);
    if (i % 20 == 0) see(reader, i * 333, "the second overwrites");
  }
  say_result(lseek(first, 0, SEEK_CUR));
  say_result(lseek(second, 0, SEEK_CUR));
  say_result(lseek(reader, 0, SEEK_END));
  see(second, 150000, "what the first wrote");
  put_bytes(first, 'c', 5000);
  say_result(ftruncate(second, 100000));
  put_bytes(first, 'd', 5000);
  see(reader, 99995, "around the cut");
  const int third = open("file", O_WRONLY | O_TRUNC);
  say_result(lseek(reader, 0, SEEK_END));
  put_bytes(third, 'e', 5000);
  put_bytes(second, 'f', 5);
  close(third);
  close(first);
  see(reader, 4995, "at the end");
  put_bytes(second, 'g', 5000);
  close(second);
  see(reader, 66605, "of the closed");
  return 0;
}
