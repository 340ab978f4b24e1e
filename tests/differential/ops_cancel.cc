// A thread with a cancellation pending makes one call: what is a cancellation point must act on it
// before anything happens, what isn't must not.
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/differential/actor.h"
#include "tests/differential/op_functions.h"
#include "tests/differential/paths.h"

namespace differential {
namespace {

struct Pending {
  int64_t what;
  int fd;
  const char* path;
  char* data;
  size_t size;
  FILE* file;
  bool disabled;
};
Pending g_pending;

long call_pending() {
  const Pending& p = g_pending;
  const iovec one = {p.data, p.size};
  struct stat s = {};
  switch (p.what) {
    case 0:
      return write(p.fd, p.data, p.size);
    case 1:
      return pwrite(p.fd, p.data, p.size, 3);
    case 2:
      return writev(p.fd, &one, 1);
    case 3:
      return read(p.fd, p.data, p.size);
    case 4:
      return pread(p.fd, p.data, p.size, 3);
    case 5:
      return fdatasync(p.fd);
    case 6:
      return close(p.fd);
    case 7:
      return open(p.path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    case 8:
      return lseek(p.fd, 10, SEEK_SET);
    case 9:
      return fstat(p.fd, &s);
    case 10:
      return pwritev(p.fd, &one, 1, 5);
    default:
      return p.file == nullptr ? 0 : fflush(p.file);
  }
}

/// No object with a destructor here: cancelling unwinds this frame.
void* with_cancellation_pending(void*) {
  int before;
  if (g_pending.disabled) pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
  pthread_cancel(pthread_self());
  const long result = call_pending();
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
  return reinterpret_cast<void*>(result);
}

}  // namespace

void op_cancel(Actor& a, const Args& x) {
  if (file_size_is_limited()) return;
  const size_t size = static_cast<size_t>(x[2]);
  g_pending = {x[3], a.fd(x[0]), path_name(x[1]), a.bytes(size), size, a.file(x[4]), x[5] == 0};
  pthread_t thread;
  void* result = nullptr;
  if (pthread_create(&thread, nullptr, with_cancellation_pending, nullptr) != 0) return;
  pthread_join(thread, &result);
  if (result == PTHREAD_CANCELED) {
    a.log(" cancelled or failed");
  } else {
    a.log(" = %ld", reinterpret_cast<long>(result));
  }
  a.call([&] { return lseek(a.fd(x[0]), 0, SEEK_CUR); });
}

}  // namespace differential
