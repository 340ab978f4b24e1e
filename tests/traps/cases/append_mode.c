/* O_APPEND: Linux lets pwrite ignore its offset (RocksDB); several append to one file; the flag is
 * set and cleared on the way. */
#include "trap.h"

int main(void) {
  const int first = open("file", O_WRONLY | O_CREAT | O_APPEND, 0644);
  const int second = open("file", O_RDWR | O_APPEND);
  const int plain = open("file", O_RDWR);
  for (int i = 0; i < 50; ++i) {
    put_bytes(first, 'a', 1000);
    put_bytes(second, 'b', 500);
    must(pwrite(first, "pwrite", 6, 3) == 6);
    put_bytes(plain, 'c', 700);
  }
  say_result(lseek(first, 0, SEEK_CUR));
  say_result(lseek(second, 0, SEEK_CUR));
  say_result(lseek(plain, 0, SEEK_CUR));
  say_result(fcntl(plain, F_SETFL, O_APPEND));
  put_bytes(plain, 'd', 5000);
  say_result(lseek(plain, 0, SEEK_CUR));
  say_result(fcntl(plain, F_SETFL, 0));
  put_bytes(plain, 'e', 5000);
  say_result(pwrite(plain, "in place", 8, 100));
  say_result(ftruncate(second, 2000));
  put_bytes(second, 'f', 500);
  put_bytes(plain, 'g', 500);
  const pid_t pid = fork();
  if (pid == 0) {
    put_bytes(first, 'h', 3000);
    _exit(0);
  }
  wait_for(pid);
  put_bytes(first, 'i', 3000);
  return 0;
}
