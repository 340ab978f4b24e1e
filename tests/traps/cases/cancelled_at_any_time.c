/* A thread with asynchronous cancellation is cancelled while it writes; the others write on to the
 * same file. (POSIX has no such guarantee for write(), but libc keeps it.) */
#include "trap.h"

enum { ROUNDS = 200 };

static int fd;
static volatile int started;

static void* write_forever(void* unused) {
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
  for (int i = 0;; ++i) {
    put_record(fd, 'c', i);
    started = 1;
  }
  return unused;
}

int main(void) {
  int cancelled = 0;
  fd = create("file");
  for (int round = 0; round < ROUNDS; ++round) {
    pthread_t thread;
    void* result;
    started = 0;
    must(pthread_create(&thread, NULL, write_forever, NULL) == 0);
    while (!started) sched_yield();
    for (int i = 0; i < round; ++i) put_record(fd, 'm', i);
    must(pthread_cancel(thread) == 0);
    must(pthread_join(thread, &result) == 0);
    cancelled += result == PTHREAD_CANCELED;
    put_record(fd, 'm', round);
  }
  struct stat facts;
  must(fstat(fd, &facts) == 0);
  say("%d cancelled, %ld over\n", cancelled, (long)facts.st_size % RECORD);
  must(ftruncate(fd, 0) == 0);
  return 0;
}
