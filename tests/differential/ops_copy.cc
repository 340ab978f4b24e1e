// Bytes that the kernel moves between descriptors without write().
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>

#include "shim/system/syscalls.h"
#include "tests/differential/actor.h"
#include "tests/differential/op_functions.h"

namespace differential {
namespace {

constexpr size_t kPipe = 60000;  // fits in a pipe, wherever it starts in a page

/// A pipe for the length of an operation.
struct Pipe {
  Pipe() { made = pipe2(ends, O_CLOEXEC) == 0; }
  ~Pipe() {
    if (!made) return;
    close(ends[0]);
    close(ends[1]);
  }
  int ends[2];
  bool made;
};

/// Whether there is something in it by now is up to who writes it. No library sees the question.
bool is_pipe(int fd) {
  struct stat facts;
  return seqshim::sys::call_with(__NR_fstat, fd, &facts) == 0 && S_ISFIFO(facts.st_mode);
}

}  // namespace

void op_sendfile(Actor& a, const Args& x) {
  off_t offset = x[3];
  off_t* const from = x[4] % 2 == 0 ? nullptr : &offset;
  const size_t length = static_cast<size_t>(x[2]);
  a.call([&]() -> ssize_t {
    if (x[4] / 2 == 0) return syscall(SYS_sendfile, a.fd(x[1]), a.fd(x[0]), from, length);
    if (x[4] / 2 == 1) return sendfile64(a.fd(x[1]), a.fd(x[0]), from, length);
    return sendfile(a.fd(x[1]), a.fd(x[0]), from, length);
  });
  a.log(" offset %ld", static_cast<long>(offset));
}

void op_copy_range(Actor& a, const Args& x) {
  off64_t in = x[3], out = x[4];
  off64_t* const from_place = x[5] % 2 == 0 ? nullptr : &in;
  off64_t* const to_place = x[5] / 2 % 2 == 0 ? nullptr : &out;
  const int from = a.fd(x[0]), to = x[5] >= 13 ? from : a.fd(x[1]);  // 13: within one file
  const unsigned flags = x[6] == 0 ? 1 : 0;
  const size_t length = static_cast<size_t>(x[2]);
  a.call([&]() -> ssize_t {
    if (x[5] / 4 % 2 == 0) {
      return syscall(SYS_copy_file_range, from, from_place, to, to_place, length, flags);
    }
    return copy_file_range(from, from_place, to, to_place, length, flags);
  });
  a.log(" offsets %ld %ld", static_cast<long>(in), static_cast<long>(out));
}

void op_splice(Actor& a, const Args& x) {
  Pipe between;
  if (!between.made) return a.log(" no pipe");
  if (is_pipe(a.fd(x[0]))) return a.log(" from a pipe");
  off64_t in = x[3], out = x[4];
  off64_t* const from = x[5] % 2 == 0 ? nullptr : &in;
  off64_t* const to = x[5] / 2 % 2 == 0 ? nullptr : &out;
  const size_t size = std::min(static_cast<size_t>(x[2]), kPipe);
  const bool raw = x[5] / 4 == 0;
  const long got = a.call([&]() -> ssize_t {
    if (raw) {
      return syscall(SYS_splice, a.fd(x[0]), from, between.ends[1], nullptr, size,
                     SPLICE_F_NONBLOCK);
    }
    return splice(a.fd(x[0]), from, between.ends[1], nullptr, size, SPLICE_F_NONBLOCK);
  });
  if (got <= 0) return;
  const size_t length = static_cast<size_t>(got);
  a.call([&]() -> ssize_t {
    if (raw) return syscall(SYS_splice, between.ends[0], nullptr, a.fd(x[1]), to, length, 0);
    return splice(between.ends[0], nullptr, a.fd(x[1]), to, length, 0);
  });
  a.log(" offsets %ld %ld", static_cast<long>(in), static_cast<long>(out));
}

/// Out of a pipe that the program, not a file, has filled.
void op_splice_from_pipe(Actor& a, const Args& x) {
  Pipe between;
  if (!between.made) return a.log(" no pipe");
  const size_t size = std::min(static_cast<size_t>(x[1]), kPipe);
  const iovec data = {a.bytes(size), size};
  off64_t out = x[2];
  if (x[3] % 2 == 0) {
    a.call([&] { return write(between.ends[1], data.iov_base, size); });
  } else {
    a.call([&] { return vmsplice(between.ends[1], &data, 1, 0); });
  }
  if (size == 0) return;
  a.call([&] {
    return splice(between.ends[0], nullptr, a.fd(x[0]), x[3] < 2 ? nullptr : &out, size,
                  SPLICE_F_NONBLOCK | SPLICE_F_MOVE | SPLICE_F_MORE);
  });
  a.log(" offset %ld", static_cast<long>(out));
}

}  // namespace differential
