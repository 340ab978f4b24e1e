// Descriptors that come to stand for the same description, and that cease to.
#include <limits.h>
#include <linux/close_range.h>

#include <algorithm>

#include "shim/file/section.h"
#include "shim/interpose/entry.h"

#ifndef CLOSE_RANGE_CLOEXEC  // since Linux 5.11
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

using namespace seqshim;

SEQSHIM_EXPORT int close(int fd) {
  const int error = closing(fd);
  if (error == kNotOpen) {
    cancellation_point();
    return fail(EBADF);
  }
  const int result = thin().close(fd);
  return result == 0 && error != 0 ? fail(error) : result;
}
SEQSHIM_TWIN(__close, close);

namespace {

/// What close_range does to the program's descriptors; ours are left out of it.
int close_numbers(unsigned from, unsigned to, int flags) {
  if (from > to) return libc().close_range(from, to, flags);
  while (from <= to && from <= INT_MAX) {
    const int ours =
        next_private(static_cast<int>(from), static_cast<int>(std::min(to, INT_MAX + 0u)));
    const unsigned end = ours >= 0 ? static_cast<unsigned>(ours) - 1 : to;
    if (from <= end && libc().close_range(from, end, flags) != 0) return -1;
    if (ours < 0) return 0;
    from = static_cast<unsigned>(ours) + 1;
  }
  return 0;
}

void release_numbers(unsigned from, unsigned to) {
  const int last =
      static_cast<int>(std::min<unsigned>(to, static_cast<unsigned>(state().fds.highest())));
  for (int fd = static_cast<int>(std::min(from, unsigned{INT_MAX})); fd <= last; ++fd)
    if (!state().fds[fd].is_hidden()) closing(fd);
}

}  // namespace

SEQSHIM_EXPORT int close_range(unsigned from, unsigned to, int flags) noexcept {
  constexpr int kKnown = CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC;
  if (inert() || in_vfork_child() || (flags & ~kKnown) != 0)
    return libc().close_range(from, to, flags);
  if ((flags & CLOSE_RANGE_UNSHARE) != 0) split_descriptors();
  if ((flags & CLOSE_RANGE_CLOEXEC) == 0) release_numbers(from, to);
  return close_numbers(from, to, flags);
}

SEQSHIM_EXPORT void closefrom(int from) noexcept {
  if (inert() || in_vfork_child()) return libc().closefrom(from);
  const int least = std::max(from, 0);
  release_numbers(static_cast<unsigned>(least), UINT_MAX);
  int ours;
  int next = least;
  for (; (ours = next_private(next, INT_MAX)) >= 0; next = ours + 1)
    for (int fd = next; fd < ours; ++fd) sys::call_with(__NR_close, fd);
  libc().closefrom(next);
}

SEQSHIM_EXPORT int dup(int fd) noexcept {
  const FdEntry entry = entry_of(fd);
  if (entry.is_hidden()) return fail(EBADF);
  const int copy = with_number([&] { return thin().dup(fd); });
  duplicated(fd, copy);
  return copy;
}

namespace {

/// By `call`. What is in the way stays open until it is replaced; if it isn't, the program must
/// find the number closed.
template <class Call>
int duplicate_onto(int fd, int target, Call call) {
  if (fd != target) about_to_vanish(target);
  const bool is_held = fd != target && make_way(target, fd);
  const int copy = call();
  if (is_held && copy < 0) sys::call_with(__NR_close, target);
  duplicated(fd, copy);
  return copy;
}

}  // namespace

SEQSHIM_EXPORT int dup2(int fd, int target) noexcept {
  if (entry_of(fd).is_hidden()) return fail(EBADF);
  return duplicate_onto(fd, target, [&] { return libc().dup2(fd, target); });
}
SEQSHIM_TWIN(__dup2, dup2);

SEQSHIM_EXPORT int dup3(int fd, int target, int flags) noexcept {
  // Refused before the descriptor is looked at.
  if (fd == target || (flags & ~O_CLOEXEC) != 0) return thin().dup3(fd, target, flags);
  if (entry_of(fd).is_hidden()) return fail(EBADF);
  return duplicate_onto(fd, target, [&] { return thin().dup3(fd, target, flags); });
}

SEQSHIM_EXPORT int fcntl(int fd, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  const auto call = [&] { return libc().fcntl(fd, command, argument); };
  if (entry_of(fd).is_hidden()) return fail(EBADF);
  switch (command) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC: {
      const int copy = with_number(call);
      duplicated(fd, copy);
      return copy;
    }
    case F_SETFL: {
      prepare(fd, Need::kBoth);
      const int result = call();
      flags_changed(fd);
      return result;
    }
    case F_SETLK:
    case F_SETLKW:
    case F_OFD_SETLK:
    case F_OFD_SETLKW:
    case F_SETLEASE:
      renounce(fd, HandBack::kLocked);
      return call();
    default:
      return call();
  }
}
SEQSHIM_TWIN(fcntl64, fcntl);
SEQSHIM_TWIN(__fcntl, fcntl);

SEQSHIM_EXPORT int flock(int fd, int operation) noexcept {
  if (!renounce(fd, HandBack::kLocked)) return fail(EBADF);
  return thin().flock(fd, operation);
}

SEQSHIM_EXPORT int lockf(int fd, int command, off_t length) {
  if (!renounce(fd, HandBack::kLocked)) return fail(EBADF);
  return libc().lockf(fd, command, length);
}
SEQSHIM_TWIN(lockf64, lockf);

namespace {

/// Each descriptor of the rights that a message carries, until `visit` says no. What claims to be
/// larger than the message is for the kernel to refuse.
template <class Visit>
bool each_passed(const msghdr& message, Visit visit) {
  const auto* const end = static_cast<const char*>(message.msg_control) + message.msg_controllen;
  for (cmsghdr* control = CMSG_FIRSTHDR(&message); control != nullptr;
       control = CMSG_NXTHDR(const_cast<msghdr*>(&message), control)) {
    if (control->cmsg_len < CMSG_LEN(0) ||
        control->cmsg_len > static_cast<size_t>(end - reinterpret_cast<const char*>(control)))
      return true;
    if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS) continue;
    const auto* const fds = reinterpret_cast<const int*>(CMSG_DATA(control));
    const size_t count = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; ++i)
      if (!visit(fds[i])) return false;
  }
  return true;
}

bool renew_one(int fd) {
  renewed(fd);
  return true;
}

}  // namespace

SEQSHIM_EXPORT ssize_t sendmsg(int fd, const msghdr* message, int flags) {
  if (message != nullptr && message->msg_controllen > 0 && !each_passed(*message, shared))
    return fail<ssize_t>(EBADF);
  return libc().sendmsg(fd, message, flags);
}

SEQSHIM_EXPORT int sendmmsg(int fd, mmsghdr* messages, unsigned count, int flags) {
  for (unsigned i = 0; messages != nullptr && i < count; ++i)
    if (messages[i].msg_hdr.msg_controllen > 0 && !each_passed(messages[i].msg_hdr, shared))
      return fail(EBADF);
  return libc().sendmmsg(fd, messages, count, flags);
}

SEQSHIM_EXPORT ssize_t recvmsg(int fd, msghdr* message, int flags) {
  const ssize_t result = libc().recvmsg(fd, message, flags);
  if (result >= 0 && message->msg_controllen > 0) each_passed(*message, renew_one);
  return result;
}

SEQSHIM_EXPORT int recvmmsg(int fd, mmsghdr* messages, unsigned count, int flags,
                            timespec* timeout) {
  const int result = libc().recvmmsg(fd, messages, count, flags, timeout);
  for (int i = 0; i < result; ++i)
    if (messages[i].msg_hdr.msg_controllen > 0) each_passed(messages[i].msg_hdr, renew_one);
  return result;
}

SEQSHIM_EXPORT int closedir(DIR* directory) {
  const int fd = directory != nullptr ? dirfd(directory) : -1;
  const int result = libc().closedir(directory);
  renewed(fd);
  return result;
}
