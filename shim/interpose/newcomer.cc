// Calls that return descriptors of no concern of ours: should a number have been closed behind our
// back and come up again here, what we knew of it is out of date.
#include "shim/interpose/entry.h"

using namespace seqshim;

namespace {

template <class Call>
int renew(Call call) {
  const int fd = with_number(call);
  renewed(fd);
  return fd;
}

template <class Call>
int renew_pair(Call call, const int pair[2]) {
  const int result = with_number(call);
  if (result == 0) {
    renewed(pair[0]);
    renewed(pair[1]);
  }
  return result;
}

}  // namespace

SEQSHIM_EXPORT int pipe(int pair[2]) noexcept {
  return renew_pair([&] { return libc().pipe(pair); }, pair);
}
SEQSHIM_TWIN(__pipe, pipe);
SEQSHIM_EXPORT int pipe2(int pair[2], int flags) noexcept {
  return renew_pair([&] { return libc().pipe2(pair, flags); }, pair);
}
SEQSHIM_EXPORT int socket(int domain, int type, int protocol) noexcept {
  return renew([&] { return libc().socket(domain, type, protocol); });
}
SEQSHIM_EXPORT int socketpair(int domain, int type, int protocol, int pair[2]) noexcept {
  return renew_pair([&] { return libc().socketpair(domain, type, protocol, pair); }, pair);
}
SEQSHIM_EXPORT int accept(int fd, sockaddr* address, socklen_t* length) {
  return renew([&] { return libc().accept(fd, address, length); });
}
SEQSHIM_EXPORT int accept4(int fd, sockaddr* address, socklen_t* length, int flags) {
  return renew([&] { return libc().accept4(fd, address, length, flags); });
}
SEQSHIM_EXPORT int eventfd(unsigned value, int flags) noexcept {
  return renew([&] { return libc().eventfd(value, flags); });
}
SEQSHIM_EXPORT int epoll_create(int size) noexcept {
  return renew([&] { return libc().epoll_create(size); });
}
SEQSHIM_EXPORT int epoll_create1(int flags) noexcept {
  return renew([&] { return libc().epoll_create1(flags); });
}
SEQSHIM_EXPORT int timerfd_create(clockid_t clock, int flags) noexcept {
  return renew([&] { return libc().timerfd_create(clock, flags); });
}
SEQSHIM_EXPORT int signalfd(int fd, const sigset_t* mask, int flags) noexcept {
  return renew([&] { return libc().signalfd(fd, mask, flags); });
}
SEQSHIM_EXPORT int inotify_init() noexcept {
  return renew([&] { return libc().inotify_init(); });
}
SEQSHIM_EXPORT int inotify_init1(int flags) noexcept {
  return renew([&] { return libc().inotify_init1(flags); });
}
SEQSHIM_EXPORT int memfd_create(const char* name, unsigned flags) noexcept {
  return renew([&] { return libc().memfd_create(name, flags); });
}
