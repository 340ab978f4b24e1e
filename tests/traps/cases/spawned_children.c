/* posix_spawn, popen and system clone inside libc, where nothing is interposed
 * (syscall_intercept#115). */
#include <spawn.h>

#include "trap.h"

extern char** environ;

static void spawn_shell(int fd, const char* command) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fd, 1);
  posix_spawn_file_actions_addclose(&actions, fd);
  char* const arguments[] = {"sh", "-c", (char*)command, NULL};
  pid_t pid = 0;
  must(posix_spawnp(&pid, "sh", &actions, NULL, arguments, environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  wait_for(pid);
}

int main(void) {
  const int fd = create("file");
  for (int i = 0; i < 10; ++i) {
    char command[64];
    put_bytes(fd, 'a', 7777);
    spawn_shell(fd, "echo spawned; printf %5000s end");
    put_bytes(fd, 'b', 777);
    snprintf(command, sizeof command, "echo by system >&%d", fd);
    must(system(command) == 0);
    put_bytes(fd, 'c', 77777);
    snprintf(command, sizeof command, "cat >&%d", fd);
    FILE* const pipe = popen(command, "w");
    fprintf(pipe, "through a pipe %d\n", i);
    must(pclose(pipe) == 0);
  }
  say_result(lseek(fd, 0, SEEK_CUR));
  char line[32];
  put_bytes(fd, 'd', 7);
  FILE* const count = popen("wc -c <file", "r");
  must(fgets(line, sizeof line, count) != NULL);
  say("wc: %s", line);
  pclose(count);
  return 0;
}
