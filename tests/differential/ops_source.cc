// Descriptors to copy from that are none of the matched files.
#include <fcntl.h>
#include <unistd.h>

#include "tests/differential/actor.h"
#include "tests/differential/op_functions.h"
#include "tests/differential/paths.h"

namespace differential {
namespace {

/// On another file system than the run's. Not by memfd_create: the kernel keeps no order between
/// threads that write to such a file.
int memory_file(Actor& a) {
  constexpr size_t kSize = 200000;
  const int fd = open("/dev/shm", O_TMPFILE | O_RDWR, 0600);
  if (fd >= 0 && write(fd, a.bytes(kSize), kSize) >= 0) lseek(fd, 0, SEEK_SET);
  return fd;
}

}  // namespace

void op_open_source(Actor& a, const Args& x) {
  if (const int old = a.fd(x[0]); old >= 0) a.call([&] { return close(old); });
  const long fd = a.call([&] { return x[1] < 2 ? memory_file(a) : open(kBigFile, O_RDONLY); });
  a.set_fd(x[0], static_cast<int>(fd));
}

}  // namespace differential
