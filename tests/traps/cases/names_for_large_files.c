/* The large-file twins and the fortified names, which a program built with -D_FORTIFY_SOURCE=2
 * and -D_FILE_OFFSET_BITS=64 calls (darshan#253, UnifyFS#218, #769; tar and xz). */
/* flags: -D_FORTIFY_SOURCE=2 -D_FILE_OFFSET_BITS=64 -D_LARGEFILE64_SOURCE */
#include <sys/sendfile.h>

#include "trap.h"

static volatile int create_flags = O_RDWR | O_TRUNC;
static volatile size_t some = 20;

static void write_and_look(int fd) {
  char piece[40];
  must(fd >= 0);
  put_bytes(fd, 'a', 30000);
  const struct iovec vector = {"vector", 6};
  say_result(pwrite64(fd, "pwrite64", 8, 100));
  say_result(pwritev64(fd, &vector, 1, 200));
  say_result(pwritev64v2(fd, &vector, 1, 300, 0));
  say_result(pwritev64v2(fd, &vector, 1, -1, 0));
  say_result(lseek64(fd, 0, SEEK_CUR));
  put_bytes(fd, 'b', 5000);
  struct stat64 facts;
  say_result(fstat64(fd, &facts));
  say("size %ld\n", (long)facts.st_size);
  say_result(lseek64(fd, 90, SEEK_SET));
  memset(piece, 0, sizeof piece);
  say_result(read(fd, piece, some));
  say("%s\n", piece);
  say_result(pread(fd, piece, some, 195));
  say("%s\n", piece);
  put_bytes(fd, 'c', 5000);
  say_result(ftruncate64(fd, 36000));
  say_result(posix_fadvise64(fd, 0, 0, POSIX_FADV_DONTNEED));
  say_result(posix_fallocate64(fd, 0, 40000));
  put_bytes(fd, 'd', 500);
  say_result(fallocate64(fd, 0, 0, 41000));
  off64_t from = 0;
  const int copy = open64("copy", O_RDWR | O_CREAT | O_TRUNC, 0600);
  put_bytes(copy, 'e', 700);
  put_bytes(fd, 'f', 700);
  say_result(sendfile64(copy, fd, &from, 10000));
  void* const mapped = mmap64(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
  say("%.8s\n", (char*)mapped + 100);
  close(copy);
  close(fd);
}

static void touch(const char* name) { close(open(name, O_WRONLY | O_CREAT, 0644)); }

int main(void) {
  write_and_look(open64("open64", O_RDWR | O_CREAT | O_TRUNC, 0644));
  write_and_look(openat64(AT_FDCWD, "openat64", O_RDWR | O_CREAT | O_TRUNC, 0640));
  touch("open_2");
  write_and_look(open("open_2", create_flags));
  touch("openat_2");
  write_and_look(openat(AT_FDCWD, "openat_2", create_flags));
  char names[4][16] = {"mkstemp-XXXXXX", "mko-XXXXXX", "mks-XXXXXX.x", "mkos-XXXXXX.x"};
  const int fds[4] = {mkstemp64(names[0]), mkostemp64(names[1], O_CLOEXEC), mkstemps64(names[2], 2),
                      mkostemps64(names[3], 2, O_CLOEXEC)};
  for (int i = 0; i < 4; ++i) {
    char known[8] = {'m', 'k', (char)('0' + i)};
    write_and_look(fds[i]);
    must(rename(names[i], known) == 0);
  }
  const int fd = creat64("creat64", 0604);
  put_bytes(fd, 'x', 30000);
  say_result(truncate64("creat64", 40000));
  put_bytes(fd, 'y', 3000);
  struct stat64 facts;
  say_result(stat64("creat64", &facts));
  say("%ld\n", (long)facts.st_size);
  close(fd);
  return 0;
}
