/* tar czf: a child creates the archive, moves it to 1 and becomes a shell, which starts the
 * compressor by vfork and holds the file itself until that ends; the parent feeds a pipe. */
#include "trap.h"

static void feed(int pipe, size_t bytes) {
  for (size_t i = 0; i < bytes; i += 10240) put_bytes(pipe, (char)('a' + i / 10240 % 26), 10240);
}

/* In the child: its own words before, the shell's around, the compressor's between. */
static void compress(const char* name, int from, const char* command) {
  const int fd = creat(name, 0644);
  must(fd >= 0);
  put_bytes(fd, 'h', 777);
  must(dup2(from, 0) == 0 && dup2(fd, 1) == 1);
  close(from);
  close(fd);
  execl("/bin/sh", "sh", "-c", command, (char*)NULL);
  _exit(127);
}

int main(void) {
  static const char* const commands[] = {
      "gzip -1", "gzip -1; echo after", "echo before; { gzip -1 | cat; } ; echo after",
      "exec dd bs=777 status=none",
      "env -u LD_PRELOAD dd bs=777 status=none; exec dd if=/dev/null"
      " status=none"};
  for (size_t i = 0; i < sizeof commands / sizeof *commands; ++i) {
    int ends[2];
    char name[32];
    snprintf(name, sizeof name, "archive-%zu", i);
    must(pipe(ends) == 0);
    const pid_t pid = fork();
    if (pid == 0) {
      close(ends[1]);
      compress(name, ends[0], commands[i]);
    }
    close(ends[0]);
    feed(ends[1], 3 << 20);
    close(ends[1]);
    wait_for(pid);
  }
  return 0;
}
