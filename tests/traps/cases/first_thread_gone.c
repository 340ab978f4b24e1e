/* The first thread ends by pthread_exit(): /proc/self is a zombie's from then on, without
 * descriptors. The others open, write and fork on. */
#include "trap.h"

static pthread_t first;
static int early;

static void* go_on(void* unused) {
  must(pthread_join(first, NULL) == 0);
  put_bytes(early, 'b', 3 << 20);
  const int fd = create("opened-later");
  put_bytes(fd, 'c', 3 << 20);
  say_result(lseek(fd, 0, SEEK_CUR));
  const pid_t pid = fork();
  if (pid == 0) {
    put_bytes(fd, 'd', 300000);
    put_bytes(create("childs"), 'e', 3 << 20);
    exit(0);
  }
  wait_for(pid);
  put_bytes(fd, 'f', 300000);
  FILE* const stream = fopen("stream", "w");
  for (int i = 0; i < 20000; ++i) fprintf(stream, "line %d\n", i);
  say_result(fsync(fd));
  say_result(lseek(early, 0, SEEK_END));
  return unused;
}

int main(void) {
  pthread_t thread;
  early = create("opened-before");
  put_bytes(early, 'a', 3 << 20);
  first = pthread_self();
  must(pthread_create(&thread, NULL, go_on, NULL) == 0);
  pthread_exit(NULL);
}
