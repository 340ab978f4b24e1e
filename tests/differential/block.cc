#include "tests/differential/block.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace differential {

Block* map_block(const char* path, bool create) {
  const int fd = open(path, O_RDWR | O_CLOEXEC | (create ? O_CREAT | O_TRUNC : 0), 0600);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), path);
  if (create && ftruncate(fd, sizeof(Block)) != 0) {
    throw std::system_error(errno, std::generic_category(), path);
  }
  void* memory = mmap(nullptr, sizeof(Block), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), path);
  close(fd);
  return static_cast<Block*>(memory);
}

}  // namespace differential
