/* A thread that closes by raw system calls, again and again, all numbers from 512 on, of which the
 * program has none: the bytes that others write meanwhile, also those on their way, and the
 * position are the file's. */
#include "trap.h"

static volatile int over;
static int pause_ns;

static void* close_ours(void* unused) {
  while (!over) {
    const struct timespec pause = {0, pause_ns};
    for (int fd = 512; fd < 530; ++fd) raw(SYS_close, fd, 0, 0, 0);
    if (pause_ns > 0) nanosleep(&pause, NULL);
  }
  return unused;
}

static void see(int fd) {
  struct stat facts;
  must(fstat(fd, &facts) == 0);
  say("%ld bytes, at %ld\n", (long)facts.st_size, (long)lseek(fd, 0, SEEK_CUR));
}

static void write_meanwhile(const char* name) {
  pthread_t closer;
  over = 0;
  const int fd = create(name);
  must(pthread_create(&closer, NULL, close_ours, NULL) == 0);
  for (int i = 0; i < 40; ++i) {
    put_records(fd, (char)('a' + i % 26), 1000 + 10 * i);
    if (i % 8 == 0) see(fd);
    if (i % 8 == 1) say_result(pwrite(fd, "x", 1, i));
    if (i % 8 == 2) put_bytes(fd, '0', 1000000);
  }
  say_result(fsync(fd));
  put_records(fd, 'z', 1000);
  see(fd);
  say_result(close(fd));
  over = 1;
  pthread_join(closer, NULL);
}

int main(void) {
  write_meanwhile("always");
  pause_ns = 200000;
  write_meanwhile("now and then");
  return 0;
}
