/* lockf, flock and OFD locks: held, in conflict, inherited and given up as without the shim, and
 * whoever has the lock sees what was written under it. */
#include <sys/file.h>

#include "trap.h"

enum { TURNS = 40 };

static int held(int error) { return error == EAGAIN || error == EACCES; }

static void ofd(int fd, short type, const char* what) {
  struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0};
  const int result = fcntl(fd, F_OFD_SETLK, &lock);
  say("%s: %d%s\n", what, result, result < 0 && held(errno) ? " held" : "");
}

static void whole(int fd, int how, const char* what) {
  const int result = flock(fd, how | LOCK_NB);
  say("%s: %d%s\n", what, result, result < 0 && held(errno) ? " held" : "");
}

static void between_descriptions(void) {
  const int first = create("descriptions");
  put_bytes(first, 'a', 200000);
  const int second = open("descriptions", O_RDWR);
  ofd(first, F_WRLCK, "first locks");
  ofd(second, F_WRLCK, "second locks");
  put_bytes(first, 'b', 200000);
  ofd(second, F_RDLCK, "second locks for reading");
  const int copy = dup(first);
  close(first);
  ofd(second, F_WRLCK, "a copy remains");
  close(copy);
  ofd(second, F_WRLCK, "none remains");
  put_bytes(second, 'c', 50000);
  const int third = open("descriptions", O_RDWR);
  whole(second, LOCK_EX, "second: flock");
  whole(third, LOCK_EX, "third: flock");
  close(second);
  whole(third, LOCK_EX, "third: flock again");
  put_bytes(third, 'd', 50000);
  close(third);
}

/* A child has its parent's flock and OFD locks, and not its POSIX locks. */
static void in_a_child(void) {
  const int fd = create("inherited");
  put_bytes(fd, 'a', 100000);
  whole(fd, LOCK_EX, "parent: flock");
  must(lockf(fd, F_TLOCK, 0) == 0);
  put_bytes(fd, 'b', 100000);
  const pid_t pid = fork();
  if (pid == 0) {
    say("child: lockf %d\n", lockf(fd, F_TLOCK, 0));
    whole(fd, LOCK_EX, "child: the same flock");
    const int own = open("inherited", O_RDWR);
    whole(own, LOCK_EX, "child: a flock of its own");
    put_bytes(fd, 'c', 100000);
    _exit(0);
  }
  wait_for(pid);
  const int own = open("inherited", O_RDWR);
  whole(own, LOCK_EX, "parent: is still locked");
  close(own);
  say("parent: lockf %d\n", lockf(fd, F_ULOCK, 0));
  close(fd);
}

/* Two processes take turns under a lock, each appending behind what it finds. */
static void take_turns(const char* name, int way, int fd, char letter) {
  for (int i = 0; i < TURNS; ++i) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (way == 0) must(lseek(fd, 0, SEEK_SET) == 0 && lockf(fd, F_LOCK, 0) == 0);
    if (way == 1) must(flock(fd, LOCK_EX) == 0);
    if (way == 2) must(fcntl(fd, F_OFD_SETLKW, &lock) == 0);
    must(lseek(fd, 0, SEEK_END) >= 0);
    for (int k = 0; k < 20; ++k) put_record(fd, letter, i * 20 + k);
    lock.l_type = F_UNLCK;
    if (way == 0) must(lseek(fd, 0, SEEK_SET) == 0 && lockf(fd, F_ULOCK, 0) == 0);
    if (way == 1) must(flock(fd, LOCK_UN) == 0);
    if (way == 2) must(fcntl(fd, F_OFD_SETLK, &lock) == 0);
  }
  if (name == NULL) _exit(0);
}

static void turns(const char* name, int way) {
  close(create(name));
  pid_t children[2];
  for (int i = 0; i < 2; ++i) {
    children[i] = fork();
    if (children[i] == 0) take_turns(NULL, way, open(name, O_RDWR), (char)('x' + i));
  }
  take_turns(name, way, open(name, O_RDWR), 'w');
  wait_for(children[0]);
  wait_for(children[1]);
  account(name);
}

int main(void) {
  between_descriptions();
  in_a_child();
  turns("by-lockf", 0);
  turns("by-flock", 1);
  turns("by-ofd", 2);
  return 0;
}
