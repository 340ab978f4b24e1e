/* A thread, or the whole process, gets a table of descriptors of its own: what was on its way still
 * arrives, and numbers mean what they mean there. */
#include <linux/close_range.h>
#include <sched.h>

#include "trap.h"

static int fd, turn;

static void* split_off(void* unused) {
  put_bytes(fd, 't', 300000);
  must(unshare(CLONE_FILES) == 0);
  put_bytes(fd, 'u', 300000);
  /* Closed here, open there. */
  must(close(fd) == 0);
  must(create("threads-own") == fd);
  put_bytes(fd, 'o', 300000);
  __atomic_store_n(&turn, 1, __ATOMIC_RELEASE);
  while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) == 1) sched_yield();
  put_bytes(fd, 'p', 300000);
  must(close(fd) == 0);
  return unused;
}

static void by_a_thread(void) {
  pthread_t thread;
  fd = create("shared");
  put_bytes(fd, 'a', 300000);
  must(pthread_create(&thread, NULL, split_off, NULL) == 0);
  while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) == 0) sched_yield();
  put_bytes(fd, 'b', 300000);
  say_result(lseek(fd, 0, SEEK_CUR));
  __atomic_store_n(&turn, 2, __ATOMIC_RELEASE);
  must(pthread_join(thread, NULL) == 0);
  put_bytes(fd, 'c', 300000);
  must(close(fd) == 0);
}

static void by_the_process(const char* name, int way) {
  fd = create(name);
  put_bytes(fd, 'a', 3 << 20);
  if (way == 0) must(unshare(CLONE_FILES) == 0);
  if (way == 1) must(close_range(100, ~0U, CLOSE_RANGE_UNSHARE) == 0);
  if (way == 2) must(close_range((unsigned)fd + 1, ~0U, CLOSE_RANGE_CLOEXEC) == 0);
  if (way == 3) must(syscall(SYS_unshare, (long)CLONE_FILES) == 0);
  put_bytes(fd, 'b', 3 << 20);
  const int copy = dup(fd);
  put_bytes(copy, 'c', 300000);
  say_result(lseek(fd, 0, SEEK_CUR));
  must(close(fd) == 0 && close(copy) == 0);
}

int main(void) {
  by_the_process("unshared", 0);
  by_the_process("closed-unshared", 1);
  by_the_process("marked", 2);
  by_the_process("by-number", 3);
  by_a_thread();
  return 0;
}
