// map_in_place FILE: changes a byte of it by a mapping, and gives it the time it had.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int count, char** words) {
  const int fd = open(words[count - 1], O_RDWR);
  struct stat before;
  if (fstat(fd, &before) != 0) return 1;
  char* const bytes = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (bytes == MAP_FAILED) return 1;
  bytes[0] = '!';
  const struct timespec times[2] = {before.st_atim, before.st_mtim};
  return munmap(bytes, 1) != 0 || futimens(fd, times) != 0 || close(fd) != 0;
}
