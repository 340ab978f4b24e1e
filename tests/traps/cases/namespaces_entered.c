/* setns into namespaces that are one's own or a child's, with files open and a thread of ours at
 * work (a process with threads may not change its user or mount namespace). */
#include <sched.h>

#include "trap.h"

static void enter(const char* what, int type) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/ns/%s", what);
  const int fd = create(what);
  put_bytes(fd, 'a', 3 << 20);
  const int place = open(path, O_RDONLY), here = open(".", O_PATH);
  must(place >= 0 && here >= 0);
  const int result = setns(place, type);
  say("setns %s: %s\n", what, result == 0 ? "done" : strerror(errno));
  /* Entering a mount namespace leads to its root. */
  must(fchdir(here) == 0 && close(here) == 0);
  put_bytes(fd, 'b', 3 << 20);
  close(place);
  must(close(fd) == 0);
}

static void split(const char* name, int type) {
  const pid_t pid = fork();
  if (pid == 0) {
    const int fd = create(name);
    put_bytes(fd, 'a', 3 << 20);
    const int result = unshare(type);
    say("unshare %s: %s\n", name, result == 0 ? "done" : strerror(errno));
    put_bytes(fd, 'b', 3 << 20);
    enter("uts", CLONE_NEWUTS);
    const int again = unshare(type);
    say("again %s: %s\n", name, again == 0 ? "done" : strerror(errno));
    must(close(fd) == 0);
    _exit(0);
  }
  wait_for(pid);
}

int main(void) {
  enter("mnt", CLONE_NEWNS);
  enter("user", CLONE_NEWUSER);
  enter("net", CLONE_NEWNET);
  enter("pid", CLONE_NEWPID);
  split("user-and-mount", CLONE_NEWUSER | CLONE_NEWNS);
  split("user", CLONE_NEWUSER);
  split("mount", CLONE_NEWNS);
  split("file-system", CLONE_FS);
  split("processes", CLONE_NEWPID);
  split("everything", CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS |
                          CLONE_NEWIPC | CLONE_FILES | CLONE_FS);
  return 0;
}
