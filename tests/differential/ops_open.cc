// Getting, duplicating and closing descriptors.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/differential/actor.h"
#include "tests/differential/op_functions.h"
#include "tests/differential/paths.h"
#include "tests/support/newer_libc.h"
#include "tests/support/rights.h"

// What -D_FORTIFY_SOURCE makes of open() without a mode.
extern "C" int __open_2(const char* path, int flags);
extern "C" int __openat64_2(int directory, const char* path, int flags);

namespace differential {
namespace {

std::string absolute(const char* path) {
  char* directory = get_current_dir_name();
  std::string text = std::string(directory) + "/" + path;
  free(directory);
  return text;
}

/// Opens relative to a descriptor of data/, by a path with a detour.
int open_at_directory(const char* path, int flags, mode_t mode) {
  const int directory = open("data", O_RDONLY | O_DIRECTORY);
  const int fd = openat(directory, (std::string("./../") + path).c_str(), flags, mode);
  const int error = errno;
  close(directory);
  errno = error;
  return fd;
}

int open_somehow(const char* path, int flags, mode_t mode, int64_t how) {
  switch (how) {
    case 0:
      return open64(path, flags, mode);
    case 1:
      return openat(AT_FDCWD, path, flags, mode);
    case 2:
      return open_at_directory(path, flags, mode);
    case 3:
      return open(absolute(path).c_str(), flags, mode);
    case 4:
      return creat(path, mode);
    case 5:
      return __open_2(path, flags & ~O_CREAT);
    case 6:
      return __openat64_2(AT_FDCWD, path, flags & ~O_CREAT);
    case 7:
      return openat64(AT_FDCWD, path, flags, mode);
    default:
      return open(path, flags, mode);
  }
}

}  // namespace

void op_open(Actor& a, const Args& x) {
  if (const int old = a.fd(x[0]); old >= 0) a.call([&] { return close(old); });
  a.set_fd(x[0], static_cast<int>(a.call([&] {
             return open_somehow(path_name(x[1]), static_cast<int>(x[2]), static_cast<mode_t>(x[3]),
                                 x[4]);
           })));
}

void op_open_temporary(Actor& a, const Args& x) {
  if (const int old = a.fd(x[0]); old >= 0) a.call([&] { return close(old); });
  a.set_fd(x[0], static_cast<int>(a.call([&] { return open("data", O_TMPFILE | O_RDWR, 0600); })));
}

void op_close(Actor& a, const Args& x) {
  const int fd = a.fd(x[0]);
  a.call([&] { return close(fd); });
  a.set_fd(x[0], -1);
}

void op_dup(Actor& a, const Args& x) {
  const int old = a.fd(x[1]);
  if (old >= 0) a.call([&] { return close(old); });
  a.set_fd(x[1], static_cast<int>(a.call([&] { return dup(a.fd(x[0])); })));
}

void op_dup2(Actor& a, const Args& x) {
  const int target = a.fd(x[1]);
  a.call([&]() -> int {
    if (x[2] == 0) return dup3(a.fd(x[0]), target, 0);
    if (x[2] == 1) return dup3(a.fd(x[0]), target, O_CLOEXEC);
    return dup2(a.fd(x[0]), target);
  });
}

void op_dup2_number(Actor& a, const Args& x) {
  static constexpr int kNumbers[] = {5, 10, 25, 60, 255, 256, 300, 511, 512, 1000, 1023, 1024};
  const int number = kNumbers[x[2]];
  if (a.call([&] { return dup2(a.fd(x[0]), number); }) >= 0) a.set_fd(x[1], number);
}

void op_dup_from(Actor& a, const Args& x) {
  static constexpr int kLowest[] = {0, 3, 10, 20, 100, -1};
  const int command = x[3] == 0 ? F_DUPFD : F_DUPFD_CLOEXEC;
  const long fd = a.call([&] { return fcntl(a.fd(x[0]), command, kLowest[x[2]]); });
  if (fd >= 0) a.set_fd(x[1], static_cast<int>(fd));
}

void op_status_flags(Actor& a, const Args& x) {
  const int fd = a.fd(x[0]);
  const long flags = a.call([&] { return fcntl(fd, F_GETFL); });
  if (x[1] == 0) return;
  const int wanted = static_cast<int>(x[1] == 1 ? flags | O_APPEND : flags & ~O_APPEND);
  if (flags >= 0) a.call([&] { return fcntl(fd, F_SETFL, wanted); });
}

void op_descriptor_flags(Actor& a, const Args& x) {
  const int fd = a.fd(x[0]);
  a.call([&] { return fcntl(fd, F_GETFD); });
  if (x[1] > 0) a.call([&] { return fcntl(fd, F_SETFD, x[1] == 1 ? FD_CLOEXEC : 0); });
}

void op_lock(Actor& a, const Args& x) {
  struct flock lock = {};
  lock.l_type = static_cast<short>(x[2] % 3);
  lock.l_start = x[1];
  lock.l_len = 100;
  const int command = x[3] == 0 ? F_OFD_SETLK : F_SETLK;
  a.call([&] { return fcntl(a.fd(x[0]), command, &lock); });
}

void op_query_lock(Actor& a, const Args& x) {
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  a.call([&] { return fcntl(a.fd(x[0]), F_GETLK, &lock); });
  a.log(" type %d %ld+%ld", lock.l_type, static_cast<long>(lock.l_start),
        static_cast<long>(lock.l_len));
}

void op_flock(Actor& a, const Args& x) {
  static constexpr int kKinds[] = {LOCK_SH, LOCK_EX, LOCK_UN};
  a.call([&] { return flock(a.fd(x[0]), kKinds[x[1]] | LOCK_NB); });
}

void op_close_range(Actor& a, const Args& x) {
  static constexpr unsigned kLast[] = {0, 1, 2, 40, ~0U};
  const int flags = x[2] == 0 ? CLOSE_RANGE_CLOEXEC : (x[2] == 1 ? CLOSE_RANGE_UNSHARE : 0);
  const unsigned first = a.fd(x[0]) < 3 ? 30 : static_cast<unsigned>(a.fd(x[0]));
  const unsigned last = x[1] == 4 ? ~0U : first + kLast[x[1]];
  a.call([&] { return close_range(first, last, flags); });
}

void op_close_from(Actor& a, const Args& x) {
  static constexpr int kLowest[] = {3, 6, 9, 50, 256};
  if (x[1] == 0) {
    a.call([&] {
      closefrom(kLowest[x[0]]);
      return 0;
    });
    return;
  }
  long closed = 0;
  for (int fd = kLowest[x[0]]; fd < 1100; ++fd) closed += close(fd) == 0;
  a.log(" closed %ld", closed);
}

/// Sends a descriptor to ourselves; what arrives is one more of the same description.
void op_pass(Actor& a, const Args& x) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return a.log(" no socketpair");
  const int fd = a.fd(x[0]);
  rights_message message;
  pack_rights(&message, &fd, 1);
  const bool sent = a.call([&] { return sendmsg(ends[0], &message.header, 0); }) == 1;
  if (sent && x[2] == 0) a.call([&] { return close(fd); });
  expect_rights(&message);
  if (sent && a.call([&] { return recvmsg(ends[1], &message.header, 0); }) == 1) {
    int received[MOST_RIGHTS] = {-1};
    unpack_rights(&message, received);
    a.log(" got %d", received[0]);
    a.set_fd(x[1], received[0]);
  }
  close(ends[0]);
  close(ends[1]);
}

}  // namespace differential
