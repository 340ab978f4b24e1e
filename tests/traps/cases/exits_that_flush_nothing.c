/* _exit, quick_exit and their kin leave stdio's buffers unwritten, and what handlers of quick_exit
 * write is there. */
#include "trap.h"

static FILE* stream;
static int fd;

static void at_quick(void) {
  put_bytes(fd, 'q', 5000);
  fprintf(stream, "by the handler\n");
  put_bytes(create("made-at-quick-exit"), 'm', 5000);
}
static void at_quick_first(void) { put_bytes(fd, 'f', 7000); }
static void at_plain(void) { put_bytes(fd, 'x', 9000); }
static void at_on_exit(int status, void* text) {
  dprintf(fd, "%s %d\n", (const char*)text, status);
}

static void end(int way) {
  if (way == 0) _exit(0);
  if (way == 1) _Exit(1);
  if (way == 2) quick_exit(2);
  if (way == 3) exit(3);
  if (way == 4) syscall(SYS_exit_group, 4);
  if (way == 5) {
    if (vfork() == 0) _exit(5);
    _exit(5);
  }
  if (way == 6) abort();
}

int main(void) {
  at_quick_exit(at_quick);
  at_quick_exit(at_quick_first);
  atexit(at_plain);
  must(on_exit(at_on_exit, (void*)(uintptr_t) "exit status") == 0);
  for (int way = 0; way < 7; ++way) {
    char name[32];
    const pid_t pid = fork();
    if (pid == 0) {
      snprintf(name, sizeof name, "stream-%d", way);
      stream = fopen(name, "w");
      snprintf(name, sizeof name, "file-%d", way);
      fd = create(name);
      put_bytes(fd, 'a', 100000);
      for (int i = 0; i < 2000; ++i) fprintf(stream, "line %d\n", i);
      must(freopen("stdout", "a", stdout) != NULL);
      printf("way %d, never flushed", way);
      end(way);
    }
    int status;
    must(waitpid(pid, &status, 0) == pid);
    say("%d: %x\n", way, (unsigned)status);
  }
  _exit(0);
}
