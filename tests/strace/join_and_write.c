// join_and_write FILES DIRECTORY: writes FILES small files, DIRECTORY/0.out and so on, after a
// thread has come and gone.
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void* end_at_once(void* nothing) { return nothing; }

int main(int count, char** words) {
  if (count != 3) return 1;
  pthread_t thread;
  if (pthread_create(&thread, NULL, end_at_once, NULL) != 0 || pthread_join(thread, NULL) != 0)
    return 1;
  for (int i = 0; i < atoi(words[1]); ++i) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%d.out", words[2], i);
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (fd < 0 || write(fd, "hello", 5) != 5 || close(fd) != 0) return 1;
  }
  return 0;
}
