/* /dev/shm is full, and so small that nothing else would fit: what the shim shares with its guard
 * lies elsewhere. Files on such a full file system get as many bytes as without. */
#include <sched.h>
#include <sys/mount.h>

#include "trap.h"

static void fill(const char* name) {
  const int fd = create(name);
  char piece[1000];
  long total = 0;
  ssize_t written;
  memset(piece, 'f', sizeof piece);
  while ((written = write(fd, piece, sizeof piece)) > 0) total += written;
  say("%s: %ld bytes, then %s\n", name, total, strerror(errno));
  say_result(close(fd));
}

int main(void) {
  if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      mkdir("shm", 0755) != 0 || mount("none", "shm", "tmpfs", 0, "size=64k") != 0 ||
      mount("shm", "/dev/shm", NULL, MS_BIND, NULL) != 0)
    return SKIPPED;
  fill("/dev/shm/elsewhere");
  const int fd = create("file");
  put_bytes(fd, 'a', 3 << 20);
  fill("shm/one");
  put_bytes(fd, 'b', 3 << 20);
  must(truncate("/dev/shm/elsewhere", 20000) == 0);
  fill("shm/two");
  const pid_t pid = fork();
  if (pid == 0) {
    const int another = create("another");
    put_bytes(another, 'c', 3 << 20);
    fill("shm/three");
    exit(0);
  }
  wait_for(pid);
  put_bytes(fd, 'd', 100000);
  say_result(lseek(fd, 0, SEEK_CUR));
  say_result(close(fd));
  must(umount("/dev/shm") == 0 && umount("shm") == 0);
  return 0;
}
