// Bytes that move through mappings.
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
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
