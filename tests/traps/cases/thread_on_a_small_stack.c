/* Threads with the smallest stack there is write, open and close managed files. */
#include <limits.h>

#include "trap.h"

static void* write_own(void* unused) {
  const int fd = create("file");
  put_records(fd, 't', 5000);
  close(fd);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_attr_t attributes;
  must(pthread_attr_init(&attributes) == 0);
  must(pthread_attr_setstacksize(&attributes, 16384) == 0);
  for (int i = 0; i < 10; ++i) {
    must(pthread_create(&thread, &attributes, write_own, NULL) == 0);
    must(pthread_join(thread, NULL) == 0);
  }
  return 0;
}
