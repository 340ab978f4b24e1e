// Reading, and where reading and writing happen.
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "tests/differential/actor.h"
#include "tests/differential/op_functions.h"

// The fortified twin, by its symbol: whether a call uses it depends on how a program was compiled.
extern "C" ssize_t __read_chk(int fd, void* to, size_t size, size_t room);
extern "C" ssize_t __pread_chk(int fd, void* to, size_t size, off_t offset, size_t room);

namespace differential {
namespace {

struct Vectors {
  Vectors(Actor& actor, int64_t wanted, int64_t size) : count(static_cast<int>(wanted % 5)) {
    char* at = actor.scratch();
    const size_t each = static_cast<size_t>(size) / (count == 0 ? 1 : count);
    for (int i = 0; i < count; ++i) iov[i] = {at + i * each, i == 1 ? 0 : each};
    std::memset(at, 0, each * count);
  }
  size_t span() const { return count == 0 ? 0 : iov[0].iov_len * count; }
  iovec iov[4];
  int count;
};

}  // namespace

void op_read(Actor& a, const Args& x) {
  const size_t size = static_cast<size_t>(x[1]);
  a.call_read([&] {
    return x[2] == 0 ? __read_chk(a.fd(x[0]), a.scratch(), size, Actor::kBuffer)
                     : read(a.fd(x[0]), a.scratch(), size);
  });
}

void op_pread(Actor& a, const Args& x) {
  const size_t size = static_cast<size_t>(x[1]);
  const int fd = a.fd(x[0]);
  a.call_read([&]() -> ssize_t {
    if (x[3] == 0) return pread64(fd, a.scratch(), size, x[2]);
    if (x[3] == 1) return __pread_chk(fd, a.scratch(), size, x[2], Actor::kBuffer);
    return pread(fd, a.scratch(), size, x[2]);
  });
}

void op_readv(Actor& a, const Args& x) {
  const Vectors v(a, x[1], x[2]);
  const int fd = a.fd(x[0]);
  const long got = a.call([&]() -> ssize_t {
    if (x[4] == 0) return preadv(fd, v.iov, v.count, x[3]);
    if (x[4] == 1) return preadv2(fd, v.iov, v.count, x[3], 0);
    if (x[4] == 2) return preadv2(fd, v.iov, v.count, -1, 0);
    return readv(fd, v.iov, v.count);
  });
  if (got > 0) a.log_hash(a.scratch(), v.span());
}

void op_read_all(Actor& a, const Args& x) {
  const int fd = a.fd(x[0]);
  long total = 0;
  uint64_t sum = 0;
  for (ssize_t got; (got = pread(fd, a.scratch(), Actor::kBuffer, total)) > 0; total += got) {
    sum = sum * 31 + hash(a.scratch(), static_cast<size_t>(got));
  }
  a.log(" total %ld [%016lx]", total, static_cast<unsigned long>(sum));
}

void op_bad_read(Actor& a, const Args& x) {
  const int fd = a.fd(x[0]);
  volatile size_t minus = SIZE_MAX;
  volatile int negative = -1;
  const iovec one = {a.scratch(), 10};
  switch (x[1]) {
    case 0:
      a.call([&] { return read(fd, a.scratch(), minus); });
      break;
    case 1:
      a.call([&] { return pread(fd, a.scratch(), 10, -1); });
      break;
    case 2:
      a.call([&] { return readv(fd, &one, negative); });
      break;
    case 3:
      a.call([&] { return read(fd, nullptr, 0); });
      break;
    case 4:
      a.call([&] { return preadv2(fd, &one, 1, 0, 0x4000000); });
      break;
    default:
      a.call([&] { return read(-1, a.scratch(), 10); });
  }
}

void op_lseek(Actor& a, const Args& x) {
  a.call([&] { return lseek(a.fd(x[0]), x[1], static_cast<int>(x[2])); });
}

void op_lseek_end(Actor& a, const Args& x) {
  a.call([&] { return lseek64(a.fd(x[0]), x[1] - 50, SEEK_END); });
}

void op_tell(Actor& a, const Args& x) {
  a.call([&] { return lseek(a.fd(x[0]), 0, SEEK_CUR); });
}

void op_bad_lseek(Actor& a, const Args& x) {
  static constexpr off_t kOffsets[] = {-1, INT64_MIN, INT64_MAX, -100000000};
  static constexpr int kWhences[] = {SEEK_SET, SEEK_CUR, SEEK_END, SEEK_DATA, SEEK_HOLE, 5, -1};
  a.call([&] { return lseek(a.fd(x[0]), kOffsets[x[1]], kWhences[x[2]]); });
}

}  // namespace differential
