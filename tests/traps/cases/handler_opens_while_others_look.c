/* A signal handler opens files on top of a write() while another thread opens and looks at the
 * written one: nobody waits for the other. */
#include "trap.h"

enum { PIECE = 60000 };

static volatile int stop;

static void on_signal(int signal) {
  (void)signal;
  const int kept = errno;
  const int fd = open("by-handler", O_WRONLY | O_CREAT, 0644);
  if (fd >= 0) close(fd);
  errno = kept;
}

static void* write_on(void* argument) {
  static char piece[PIECE];
  (void)argument;
  memset(piece, 'f', sizeof piece);
  const int fd = create("file");
  for (int i = 0; !stop; ++i) {
    must(write(fd, piece, sizeof piece) == PIECE);
    if (i % 100 == 0) must(lseek(fd, 0, SEEK_SET) == 0);
  }
  return NULL;
}

static void* look(void* argument) {
  (void)argument;
  while (!stop) {
    struct stat facts;
    const int fd = open("by-thread", O_WRONLY | O_CREAT, 0644);
    must(fd >= 0 && close(fd) == 0);
    stat("file", &facts);
  }
  return NULL;
}

static void run(void) {
  pthread_t threads[2];
  const struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  must(sigaction(SIGUSR1, &action, NULL) == 0);
  must(pthread_create(&threads[0], NULL, write_on, NULL) == 0);
  must(pthread_create(&threads[1], NULL, look, NULL) == 0);
  for (int i = 0; i < 700; ++i) {
    must(pthread_kill(threads[0], SIGUSR1) == 0);
    usleep(300);
  }
  stop = 1;
  for (int i = 0; i < 2; ++i) must(pthread_join(threads[i], NULL) == 0);
  must(truncate("file", 0) == 0);
}

int main(void) {
  const pid_t pid = fork();
  if (pid == 0) {
    run();
    return 0;
  }
  /* It takes a third of a second. */
  int status = 0, waited = 0;
  while (waitpid(pid, &status, WNOHANG) == 0 && waited++ < 5000) usleep(1000);
  if (waited >= 5000) {
    say("it hangs\n");
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
  }
  say("status %x\n", (unsigned)status);
  return 0;
}
