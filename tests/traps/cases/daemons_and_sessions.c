/* A program goes into the background with its file open, in each manner, and writes on. */
#include "trap.h"

static int done[2];

static void finish(int fd) {
  put_bytes(fd, 'z', 300000);
  say("session %d\n", getsid(0) == getpid());
  must(write(done[1], "x", 1) == 1);
}

/* As the books have it: two forks, all numbers closed that aren't wanted. */
static void twice(int fd) {
  if (fork() != 0) _exit(0);
  must(setsid() > 0);
  put_bytes(fd, 's', 300000);
  if (fork() != 0) _exit(0);
  umask(0);
  for (int number = 0; number < 65536; ++number)
    if (number != fd && number != done[1] && number != 1) close(number);
  put_bytes(fd, 't', 300000);
}

static void go(int way) {
  char name[16];
  snprintf(name, sizeof name, "way-%d", way);
  const int fd = create(name);
  put_bytes(fd, 'a', 300000);
  if (way == 0) must(daemon(1, 1) == 0);
  if (way == 1) twice(fd);
  if (way == 2) {
    must(setpgid(0, 0) == 0);
    put_bytes(fd, 'g', 300000);
  }
  if (way == 3) {
    must(setsid() > 0);
    closefrom(done[1] + 1 > fd + 1 ? done[1] + 1 : fd + 1);
    put_bytes(fd, 'c', 300000);
    must(chdir("/") == 0);
  }
  finish(fd);
  if (way == 3) execl("/bin/true", "true", (char*)NULL);
  exit(0);
}

int main(void) {
  char byte;
  must(pipe(done) == 0);
  for (int way = 0; way < 4; ++way) {
    const pid_t pid = fork();
    if (pid == 0) {
      close(done[0]);
      go(way);
    }
    int status;
    must(waitpid(pid, &status, 0) == pid);
    must(read(done[0], &byte, 1) == 1);
    say("%d: status %x\n", way, (unsigned)status);
  }
  close(done[1]);
  /* The last of them is gone. */
  say_result(read(done[0], &byte, 1));
  return 0;
}
