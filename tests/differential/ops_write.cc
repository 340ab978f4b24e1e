// Writing, through every door of libc.
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>

#include "tests/differential/actor.h"
#include "tests/differential/op_functions.h"
#include "tests/differential/paths.h"

namespace differential {
namespace {

constexpr int kMostVectors = 8;

/// `count` vectors over distinct bytes, about `size` in all; every third one is empty.
struct Vectors {
  Vectors(Actor& actor, int64_t wanted, int64_t size)
      : count(static_cast<int>(std::min<int64_t>(wanted, kMostVectors))) {
    char* at = actor.bytes(static_cast<size_t>(size));
    int64_t left = size;
    for (int i = 0; i < count; ++i) {
      const int64_t part = i == count - 1 ? left : (i % 3 == 1 ? 0 : left / 3);
      iov[i] = {at, static_cast<size_t>(part)};
      at += part;
      left -= part;
    }
  }
  iovec iov[kMostVectors];
  int count;
};

}  // namespace

void op_write(Actor& a, const Args& x) {
  const size_t size = static_cast<size_t>(x[1]);
  const char* data = a.bytes(size);
  a.call([&] { return write(a.fd(x[0]), data, size); });
}

void op_write_aligned(Actor& a, const Args& x) {
  const size_t size = static_cast<size_t>(x[1]) * 4096;
  const char* data = a.bytes(size, 0, true);
  a.call([&] { return write(a.fd(x[0]), data, size); });
}

/// The program's own O_DIRECT, always aligned: an unaligned direct write may fail with EINVAL and
/// yet have written its first extents, depending on how the file happens to lie on the disk.
/// A file size limit that cuts a direct write short makes its length ragged: then the kernel fails
/// it with more or less of it in the file, as the fragments happen to lie.
void op_direct_write(Actor& a, const Args& x) {
  if (file_size_is_limited()) return;
  const int flags = O_RDWR | O_DIRECT | (x[3] == 0 ? O_CREAT : 0);
  const int fd = static_cast<int>(a.call([&] { return open(path_name(x[0]), flags, 0644); }));
  if (fd < 0) return;
  const size_t size = static_cast<size_t>(x[1]) * 4096;
  const char* data = a.bytes(size, 0, true);
  a.call([&] { return pwrite(fd, data, size, std::max<off_t>(x[2], 0) / 4096 * 4096); });
  a.call([&] { return close(fd); });
}

void op_pwrite(Actor& a, const Args& x) {
  const size_t size = static_cast<size_t>(x[1]);
  const char* data = a.bytes(size);
  a.call([&] {
    return x[3] == 0 ? pwrite(a.fd(x[0]), data, size, x[2])
                     : pwrite64(a.fd(x[0]), data, size, x[2]);
  });
}

void op_writev(Actor& a, const Args& x) {
  const Vectors v(a, x[1], x[2]);
  a.call([&] { return writev(a.fd(x[0]), v.iov, v.count); });
}

void op_pwritev(Actor& a, const Args& x) {
  const Vectors v(a, x[1], x[2]);
  a.call([&] {
    return x[4] == 0 ? pwritev(a.fd(x[0]), v.iov, v.count, x[3])
                     : pwritev64(a.fd(x[0]), v.iov, v.count, x[3]);
  });
}

void op_pwritev2(Actor& a, const Args& x) {
  static constexpr int kFlags[] = {0, 0, 0, RWF_HIPRI, 0x4000000};
  const Vectors v(a, x[1], x[2]);
  a.call([&] {
    return pwritev2(a.fd(x[0]), v.iov, v.count, x[4] % 2 == 0 ? -1 : x[3], kFlags[x[4] / 2]);
  });
}

void op_burst(Actor& a, const Args& x) {
  const size_t size = static_cast<size_t>(x[1]);
  const int fd = a.fd(x[0]);
  long total = 0;
  int failures = 0;
  for (unsigned i = 0; i < x[2]; ++i) {
    const char* data = a.bytes(size, i);
    errno = Actor::kErrnoBefore;
    const ssize_t got = write(fd, data, size);
    if (got != static_cast<ssize_t>(size) && ++failures <= 2) a.log_result(got, errno);
    total += got;
  }
  a.log(" total %ld", total);
}

void op_pwrite_burst(Actor& a, const Args& x) {
  const size_t size = static_cast<size_t>(x[1]);
  const int fd = a.fd(x[0]);
  long total = 0;
  for (unsigned i = 0; i < x[2]; ++i) {
    const char* data = a.bytes(size, i);
    total += pwrite(fd, data, size, x[3] + static_cast<off_t>(i * size));
  }
  a.log(" total %ld", total);
}

void op_syscall_write(Actor& a, const Args& x) {
  const size_t size = static_cast<size_t>(x[1]);
  const char* data = a.bytes(size);
  const Vectors v(a, 3, x[1]);
  const int fd = a.fd(x[0]);
  switch (x[3]) {
    case 0:
      a.call([&] { return syscall(SYS_write, fd, data, size); });
      break;
    case 1:
      a.call([&] { return syscall(SYS_pwrite64, fd, data, size, x[2]); });
      break;
    case 2:
      a.call([&] { return syscall(SYS_writev, fd, v.iov, v.count); });
      break;
    default:
      a.call([&] { return syscall(SYS_lseek, fd, x[2], SEEK_SET); });
      a.call([&] { return syscall(SYS_read, fd, a.scratch(), size); });
  }
}

void op_dprintf(Actor& a, const Args& x) {
  std::string text(static_cast<size_t>(x[1]), 'd');
  for (size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>('a' + (i * 7 + i / 26) % 26);
  a.call([&] { return dprintf(a.fd(x[0]), "<%s:%ld>\n", text.c_str(), x[1]); });
}

void op_bad_write(Actor& a, const Args& x) {
  char* data = a.bytes(100);
  const int fd = a.fd(x[0]);
  const iovec one = {data, 10};
  const iovec huge[2] = {{data, 10}, {data, SIZE_MAX / 2 + 100}};
  volatile size_t minus = SIZE_MAX;
  volatile int many = 1025, negative = -1;
  switch (x[1]) {
    case 0:
      a.call([&] { return write(fd, data, minus); });
      break;
    case 1:
      a.call([&] { return pwrite(fd, data, 10, -1); });
      break;
    case 2:
      a.call([&] { return writev(fd, &one, many); });
      break;
    case 3:
      a.call([&] { return writev(fd, &one, negative); });
      break;
    case 4:
      a.call([&] { return writev(fd, huge, 2); });
      break;
    case 5:
      a.call([&] { return pwritev(fd, &one, 1, -5); });
      break;
    case 6:
      a.call([&] { return pwritev2(fd, &one, 1, -2, 0); });
      break;
    case 7:
      a.call([&] { return pwrite(fd, data, 0, -1); });
      break;
    case 8:
      a.call([&] { return pwrite(fd, data, 10, INT64_MAX - 5); });
      break;
    case 9:
      a.call([&] { return write(fd, nullptr, 0); });
      break;
    default:
      a.call([&] { return write(-1, data, 10); });
  }
}

}  // namespace differential
