/* POSIX record locks go when the process closes any number of the file, so ours must not be closed
 * earlier than the program's own (LTP fcntl14 hangs under nocache). */
#include "trap.h"

static const char* name = "locked-first";

static void see_from_outside(const char* when) {
  const pid_t pid = fork();
  if (pid == 0) {
    const int fd = open(name, O_RDWR);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 10};
    must(fcntl(fd, F_GETLK, &lock) == 0);
    say("%s: %s\n", when, lock.l_type == F_UNLCK ? "free" : "locked");
    _exit(0);
  }
  wait_for(pid);
}

static void lock_it(int fd) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 10};
  say_result(fcntl(fd, F_SETLK, &lock));
}

int main(void) {
  int fd = create(name);
  lock_it(fd);
  put_bytes(fd, 'a', 3 << 20);
  see_from_outside("locked, then written");
  must(fsync(fd) == 0);
  see_from_outside("synchronised");
  const int copy = dup(fd);
  see_from_outside("a copy made");
  close(copy);
  see_from_outside("a copy closed");
  name = "written-first";
  fd = create(name);
  put_bytes(fd, 'b', 3 << 20);
  lock_it(fd);
  see_from_outside("written, then locked");
  put_bytes(fd, 'c', 100000);
  see_from_outside("written on");
  say_result(lockf(fd, F_TLOCK, 100));
  close(open("other", O_RDWR | O_CREAT, 0644));
  see_from_outside("another file opened and closed");
  const int again = open(name, O_RDWR);
  put_bytes(again, 'd', 100000);
  see_from_outside("opened again");
  close(again);
  see_from_outside("closed again");
  return 0;
}
