/* One thread is in exit(), held up by stdio's last flush; another one's exec fails and then it
 * writes: the bytes that were accepted are there. */
#include "trap.h"

enum { ROOM = 65536 };

static volatile int exiting;
static int fd, done[2];

static void* fail_to_execute(void* argument) {
  (void)argument;
  char* arguments[] = {(char*)"x", NULL};
  while (!exiting) usleep(1000);
  usleep(100000);
  execve("/nonexistent", arguments, arguments);
  must(write(fd, "accepted", 8) == 8);
  must(raw(SYS_write, done[1], (long)"x", 1, 0) == 1);
  for (;;) pause();
}

static void end_slowly(int full) {
  static char zeros[ROOM];
  pthread_t thread;
  fd = create("file");
  put_bytes(fd, 'x', 5000);
  must(dup2(full, 1) == 1);
  must(fcntl(1, F_SETPIPE_SZ, ROOM) == ROOM && raw(SYS_write, 1, (long)zeros, ROOM, 0) == ROOM);
  setvbuf(stdout, NULL, _IOFBF, 4096);
  printf("hello");
  must(pthread_create(&thread, NULL, fail_to_execute, NULL) == 0);
  exiting = 1;
  exit(0);
}

int main(void) {
  static char got[ROOM];
  int full[2];
  char byte;
  must(pipe(full) == 0 && pipe(done) == 0);
  const pid_t pid = fork();
  if (pid == 0) end_slowly(full[1]);
  close(full[1]);
  close(done[1]);
  alarm(20);
  say_result(read(done[0], &byte, 1));
  long total = 0;
  ssize_t length;
  while ((length = read(full[0], got, sizeof got)) > 0) total += length;
  say("%ld bytes through the pipe\n", total);
  wait_for(pid);
  return 0;
}
