// Bytes that the kernel moves without write(): copies between descriptors, and mappings.
#include <fcntl.h>
#include <linux/fs.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "tests/differential/actor.h"
#include "tests/differential/op_functions.h"

namespace differential {
namespace {

sigjmp_buf g_escape;

void escape(int) { siglongjmp(g_escape, 1); }

/// Runs `f`, or gives up at the SIGBUS of a mapping behind the end of its file.
template <typename F>
void guarded(Actor& a, F f) {
  struct sigaction action = {}, before = {};
  action.sa_handler = escape;
  sigaction(SIGBUS, &action, &before);
  if (sigsetjmp(g_escape, 1) == 0) {
    f();
  } else {
    a.log(" SIGBUS");
  }
  sigaction(SIGBUS, &before, nullptr);
}

void unmap(Actor::Map& map) {
  if (map.address != nullptr) munmap(map.address, map.length);
  map = {};
}

}  // namespace

void op_sendfile(Actor& a, const Args& x) {
  off_t offset = x[3];
  a.call([&] {
    return sendfile(a.fd(x[1]), a.fd(x[0]), x[4] == 0 ? nullptr : &offset,
                    static_cast<size_t>(x[2]));
  });
  a.log(" offset %ld", static_cast<long>(offset));
}

void op_copy_range(Actor& a, const Args& x) {
  off64_t in = x[3], out = x[4];
  const bool move_in = x[5] % 2 == 0, move_out = x[5] / 2 == 0;
  a.call([&] {
    return copy_file_range(a.fd(x[0]), move_in ? nullptr : &in, a.fd(x[1]),
                           move_out ? nullptr : &out, static_cast<size_t>(x[2]), 0);
  });
  a.log(" offsets %ld %ld", static_cast<long>(in), static_cast<long>(out));
}

void op_splice(Actor& a, const Args& x) {
  int ends[2];
  if (pipe(ends) != 0) return a.log(" no pipe");
  off64_t in = x[3], out = x[4];
  const size_t size = std::min<size_t>(static_cast<size_t>(x[2]), 60000);
  const long got = a.call([&] {
    return splice(a.fd(x[0]), x[5] % 2 == 0 ? nullptr : &in, ends[1], nullptr, size,
                  SPLICE_F_NONBLOCK);
  });
  if (got > 0) {
    a.call([&] {
      return splice(ends[0], nullptr, a.fd(x[1]), x[5] / 2 == 0 ? nullptr : &out,
                    static_cast<size_t>(got), 0);
    });
  }
  close(ends[0]);
  close(ends[1]);
}

void op_clone(Actor& a, const Args& x) {
  a.call([&] { return ioctl(a.fd(x[1]), FICLONE, a.fd(x[0])); });
}

void op_map(Actor& a, const Args& x) {
  const int fd = a.fd(x[0]);
  Actor::Map& map = a.map(x[1]);
  unmap(map);
  const size_t length = static_cast<size_t>(x[2]) + 1;
  const int flags = x[4] % 3 == 0 ? MAP_PRIVATE : MAP_SHARED;
  const int protection = x[4] % 3 == 2 ? PROT_READ | PROT_WRITE : PROT_READ;
  errno = Actor::kErrnoBefore;
  void* address = mmap(nullptr, length, protection, flags, fd, x[3] / 4096 % 16 * 4096);
  a.log_result(address == MAP_FAILED ? -1 : 0, errno);
  if (address == MAP_FAILED) return;
  map = {static_cast<char*>(address), length};
  guarded(a, [&] { a.log_hash(map.address, length); });
}

/// Maps, stores, unmaps: each page of a new mapping faults once, so the times move as plainly.
void op_map_store(Actor& a, const Args& x) {
  const int fd = a.fd(x[0]);
  const off_t start = x[2] / 4096 * 4096;
  struct stat s = {};
  if (fstat(fd, &s) != 0 || s.st_size <= start || x[1] == 0) return a.log(" nothing to map");
  const size_t length = static_cast<size_t>(std::min<off_t>(x[1], s.st_size - start));
  errno = Actor::kErrnoBefore;
  void* address = mmap64(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, start);
  a.log_result(address == MAP_FAILED ? -1 : 0, errno);
  if (address == MAP_FAILED) return;
  fill(static_cast<char*>(address), length, static_cast<uint64_t>(x[2] + x[1]));
  if (x[3] == 0) a.call([&] { return msync(address, length, MS_ASYNC); });
  munmap(address, length);
}

void op_map_check(Actor& a, const Args& x) {
  Actor::Map& map = a.map(x[0]);
  if (map.address == nullptr) return a.log(" no map");
  guarded(a, [&] { a.log_hash(map.address, map.length); });
  if (x[1] == 0) unmap(map);
}

}  // namespace differential
