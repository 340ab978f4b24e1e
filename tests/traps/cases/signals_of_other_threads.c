/* A thread that is not the program's takes no signal, not even those sent to the process while all
 * of the program's threads block them. */
#include <dirent.h>

#include "trap.h"

int main(void) {
  const int fd = create("file");
  put_bytes(fd, 'a', 5 << 20);
  DIR* const threads = opendir("/proc/self/task");
  must(threads != NULL);
  int open_to_signals = 0;
  for (struct dirent* entry; (entry = readdir(threads)) != NULL;) {
    char path[300], text[4096], *found;
    if (entry->d_name[0] == '.' || atoi(entry->d_name) == getpid()) continue;
    snprintf(path, sizeof path, "/proc/self/task/%s/status", entry->d_name);
    const int status = open(path, O_RDONLY);
    const ssize_t length = read(status, text, sizeof text - 1);
    close(status);
    if (length <= 0) continue;
    text[length] = '\0';
    /* All but SIGKILL and SIGSTOP. */
    if ((found = strstr(text, "SigBlk:\t")) == NULL ||
        (strtoull(found + 8, NULL, 16) | 1 << 8 | 1 << 18) != ~0ULL)
      ++open_to_signals;
  }
  closedir(threads);
  say("%d threads that a signal could reach\n", open_to_signals);
  sigset_t all, waiting;
  sigfillset(&all);
  must(sigprocmask(SIG_SETMASK, &all, NULL) == 0);
  for (int signal = 1; signal < NSIG; ++signal) {
    if (signal == SIGKILL || signal == SIGSTOP || !sigismember(&all, signal)) continue;
    must(kill(getpid(), signal) == 0);
    put_bytes(fd, 'b', 10000);
  }
  must(sigpending(&waiting) == 0);
  for (int signal = 1; signal < NSIG; ++signal)
    if (sigismember(&all, signal) && !sigismember(&waiting, signal)) say("%d is gone\n", signal);
  return 0;
}
