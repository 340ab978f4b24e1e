/* A signal handler on top of write(): the position is never beyond the end of the file, whoever
 * keeps it: the file alone, or one that a child shares. */
#include "trap.h"

enum { PART = 932, PARTS = 30000 };

static int file;
static volatile sig_atomic_t beyond;

static void look(int number) {
  (void)number;
  struct stat facts;
  const off_t position = lseek(file, 0, SEEK_CUR);
  if (fstat(file, &facts) != 0 || facts.st_size < position) ++beyond;
}

static void write_under_a_storm(const char* name, int share) {
  char part[PART];
  memset(part, name[0], sizeof part);
  file = create(name);
  if (share) {
    const pid_t pid = fork();
    if (pid == 0) _exit(0);
    wait_for(pid);
  }
  struct sigaction action = {.sa_handler = look, .sa_flags = SA_RESTART};
  sigaction(SIGALRM, &action, NULL);
  setitimer(ITIMER_REAL, &(struct itimerval){{0, 40}, {0, 40}}, NULL);
  for (int i = 0; i < PARTS; ++i) must(write(file, part, sizeof part) == PART);
  setitimer(ITIMER_REAL, &(struct itimerval){{0, 0}, {0, 0}}, NULL);
  signal(SIGALRM, SIG_IGN);
  say("%s: position beyond the end %d times\n", name, (int)beyond);
}

int main(void) {
  write_under_a_storm("own", 0);
  write_under_a_storm("shared", 1);
  return 0;
}
