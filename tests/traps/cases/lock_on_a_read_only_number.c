/* A POSIX lock taken through a number that cannot write survives the file's being written through
 * another. */
#include "trap.h"

static void see_from_outside(const char* when) {
  const pid_t pid = fork();
  if (pid == 0) {
    const int fd = open("file", O_RDWR);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    must(fcntl(fd, F_GETLK, &lock) == 0);
    say("%s: %s\n", when, lock.l_type == F_UNLCK ? "free" : "locked");
    _exit(0);
  }
  wait_for(pid);
}

int main(void) {
  close(create("file"));
  const int reader = open("file", O_RDONLY);
  struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
  say_result(fcntl(reader, F_SETLK, &lock));
  see_from_outside("locked");
  const int writer = open("file", O_WRONLY);
  see_from_outside("opened");
  put_bytes(writer, 'b', 200000);
  must(fsync(writer) == 0);
  see_from_outside("written");
  put_bytes(create("other"), 'c', 200000);
  see_from_outside("another one written");
  put_bytes(writer, 'd', 3 << 20);
  see_from_outside("written on");
  return 0;
}
