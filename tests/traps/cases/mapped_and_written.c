/* The file is mapped, shared and privately, and written by both ways. */
#include "trap.h"

int main(void) {
  const int fd = create("file");
  put_bytes(fd, 'a', 100000);
  char* const shared = mmap(NULL, 200000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  must(shared != MAP_FAILED);
  say("%.3s %.3s\n", shared, shared + 99990);
  put_bytes(fd, 'b', 100000);
  say("%.3s\n", shared + 199990);
  memcpy(shared + 150000, "stored", 6);
  char piece[7] = "";
  say_result(pread(fd, piece, 6, 150000));
  say("%s\n", piece);
  must(pwrite(fd, "written", 7, 160000) == 7);
  say("%.7s\n", shared + 160000);
  say_result(close(fd));
  /* The mapping outlives the descriptor, and the file is opened anew. */
  const int again = open("file", O_RDWR);
  must(pwrite(again, "opened again", 12, 50000) == 12);
  say("%.12s\n", shared + 50000);
  memcpy(shared + 60000, "stored again", 12);
  say_result(msync(shared, 200000, MS_SYNC));
  put_bytes(again, 'c', 70000);
  say("%.3s\n", shared + 69990);
  say_result(munmap(shared, 200000));
  const int second = create("second");
  put_bytes(second, 'd', 50000);
  const char* const private = mmap(NULL, 50000, PROT_READ, MAP_PRIVATE, second, 0);
  say("%.3s\n", private + 49990);
  put_bytes(second, 'e', 50000);
  return 0;
}
