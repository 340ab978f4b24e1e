/* Threads other than the first end the process, and the first one ends before the others: what they
 * wrote is there, and so is what stdio holds. */
#include "trap.h"

enum { BYTES = 123456 };

static int fd;
static FILE* stream;
static const char* way;

static void* end_it(void* argument) {
  put_bytes(fd, 't', BYTES);
  fprintf(stream, "thread, never flushed\n");
  if (!strcmp(way, "exit")) exit(3);
  if (!strcmp(way, "_exit")) _exit(4);
  if (!strcmp(way, "quick_exit")) quick_exit(5);
  if (!strcmp(way, "last-thread")) pthread_join(*(pthread_t*)argument, NULL);
  if (!strcmp(way, "exec")) execl("/bin/sh", "sh", "-c", "exit 6", (char*)NULL);
  put_bytes(fd, 'u', BYTES);
  return NULL;
}

static void start(void) {
  static pthread_t first, thread;
  fd = create(way);
  char name[32];
  snprintf(name, sizeof name, "%s-stream", way);
  stream = fopen(name, "w");
  first = pthread_self();
  put_bytes(fd, 'a', BYTES);
  fprintf(stream, "the first one, never flushed\n");
  must(pthread_create(&thread, NULL, end_it, &first) == 0);
  if (!strcmp(way, "last-thread")) pthread_exit(NULL);
  pthread_join(thread, NULL);
  say("still here\n");
  _exit(99);
}

int main(void) {
  static const char* const ways[] = {"exit", "_exit", "quick_exit", "last-thread", "exec"};
  for (size_t i = 0; i < sizeof ways / sizeof *ways; ++i) {
    way = ways[i];
    const pid_t pid = fork();
    if (pid == 0) start();
    int status;
    must(waitpid(pid, &status, 0) == pid);
    say("%s: %x\n", way, (unsigned)status);
  }
  return 0;
}
