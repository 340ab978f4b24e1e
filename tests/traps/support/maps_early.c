/* A library that maps a file before anybody else has begun. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

const char* mapped_early;

__attribute__((constructor)) static void map_early(void) {
  const int fd = open("file", O_RDWR | O_CREAT, 0644);
  if (ftruncate(fd, 300000) != 0) abort();
  mapped_early = mmap(NULL, 300000, PROT_READ, MAP_SHARED, fd, 0);
  close(fd);
}
