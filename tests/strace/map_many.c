// map_many COUNT DIRECTORY FILE: maps COUNT files, DIRECTORY/0.out and so on, and writes FILE.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void map_one(const char* directory, int number) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%d.out", directory, number);
  const int fd = open(path, O_RDWR | O_CREAT, 0600);
  void* const pages = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
  if (pages == MAP_FAILED || munmap(pages, 4096) != 0 || close(fd) != 0) exit(1);
}

int main(int count, char** words) {
  if (count != 4) return 1;
  for (int i = 0; i < atoi(words[1]); ++i) map_one(words[2], i);
  const int fd = open(words[3], O_WRONLY | O_CREAT | O_TRUNC, 0600);
  return write(fd, "hello", 5) != 5 || close(fd) != 0;
}
