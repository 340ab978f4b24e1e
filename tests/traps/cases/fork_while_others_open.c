/* fork while another thread opens and closes files that match nothing: the child opens one too. */
/* managed: no */
#include "trap.h"

static volatile int stop;

static void* open_and_close(void* argument) {
  (void)argument;
  while (!stop) {
    const int fd = open("../unmatched", O_WRONLY | O_CREAT, 0644);
    must(fd >= 0 && close(fd) == 0);
  }
  return NULL;
}

int main(void) {
  pthread_t thread;
  int forks = 0, hang = 0;
  must(pthread_create(&thread, NULL, open_and_close, NULL) == 0);
  for (; forks < 200 && hang == 0; ++forks) {
    const pid_t pid = fork();
    if (pid == 0) {
      const int fd = open("../unmatched-by-child", O_WRONLY | O_CREAT, 0644);
      must(fd >= 0 && close(fd) == 0);
      _exit(0);
    }
    int status = 0, waited = 0;
    while (waitpid(pid, &status, WNOHANG) == 0 && waited++ < 10000) usleep(500);
    if (waited >= 10000) {
      ++hang;
      kill(pid, SIGKILL);
      waitpid(pid, &status, 0);
    }
    if (status != 0) say("child: status %x\n", (unsigned)status);
  }
  stop = 1;
  must(pthread_join(thread, NULL) == 0);
  say("%d forks, %d children hang\n", forks, hang);
  unlink("../unmatched");
  unlink("../unmatched-by-child");
  return 0;
}
