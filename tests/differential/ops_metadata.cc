// Sizes, times, names: what a file is besides its bytes.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>

#include <csignal>

#include "tests/differential/actor.h"
#include "tests/differential/op_functions.h"
#include "tests/differential/paths.h"
#include "tests/differential/times.h"

namespace differential {
namespace {

template <typename Stat>
void log_stat(Actor& a, const Stat& s) {
  a.log(" size %ld mode %o nlink %lu", static_cast<long>(s.st_size), s.st_mode,
        static_cast<unsigned long>(s.st_nlink));
  if (!S_ISREG(s.st_mode)) return;  // a new socket's is whatever lay in memory
  a.log(" mtime=%s", mtime_text(s.st_mtim.tv_sec, s.st_mtim.tv_nsec).c_str());
}

void log_statx(Actor& a, const struct statx& s) {
  a.log(" size %ld mode %o nlink %u", static_cast<long>(s.stx_size), s.stx_mode, s.stx_nlink);
  if (!S_ISREG(s.stx_mode)) return;
  a.log(" mtime=%s", mtime_text(s.stx_mtime.tv_sec, s.stx_mtime.tv_nsec).c_str());
}

constexpr unsigned kStatxMask = STATX_BASIC_STATS;

timeval as_timeval(const timespec& time) { return {time.tv_sec, time.tv_nsec / 1000}; }

}  // namespace

void op_fstat(Actor& a, const Args& x) {
  const int fd = a.fd(x[0]);
  struct stat s = {};
  struct stat64 s64 = {};
  struct statx sx = {};
  switch (x[1]) {
    case 0:
      if (a.call([&] { return fstat64(fd, &s64); }) == 0) log_stat(a, s64);
      break;
    case 1:
      if (a.call([&] { return fstatat(fd, "", &s, AT_EMPTY_PATH); }) == 0) log_stat(a, s);
      break;
    case 2:
      if (a.call([&] { return statx(fd, "", AT_EMPTY_PATH, kStatxMask, &sx); }) == 0) {
        log_statx(a, sx);
      }
      break;
    default:
      if (a.call([&] { return fstat(fd, &s); }) == 0) log_stat(a, s);
  }
}

void op_stat(Actor& a, const Args& x) {
  const char* path = path_name(x[0]);
  struct stat s = {};
  struct stat64 s64 = {};
  struct statx sx = {};
  switch (x[1]) {
    case 0:
      if (a.call([&] { return lstat(path, &s); }) == 0) log_stat(a, s);
      break;
    case 1:
      if (a.call([&] { return stat64(path, &s64); }) == 0) log_stat(a, s64);
      break;
    case 2:
      if (a.call([&] { return fstatat(AT_FDCWD, path, &s, 0); }) == 0) log_stat(a, s);
      break;
    case 3:
      if (a.call([&] { return statx(AT_FDCWD, path, 0, kStatxMask, &sx); }) == 0) log_statx(a, sx);
      break;
    case 4:
      if (a.call([&] { return lstat64(path, &s64); }) == 0) log_stat(a, s64);
      break;
    default:
      if (a.call([&] { return stat(path, &s); }) == 0) log_stat(a, s);
  }
}

void op_ftruncate(Actor& a, const Args& x) {
  a.call([&] { return x[2] == 0 ? ftruncate64(a.fd(x[0]), x[1]) : ftruncate(a.fd(x[0]), x[1]); });
}

void op_truncate(Actor& a, const Args& x) {
  a.call([&] {
    return x[2] == 0 ? truncate64(path_name(x[0]), x[1]) : truncate(path_name(x[0]), x[1]);
  });
}

void op_sync(Actor& a, const Args& x) {
  const int fd = a.fd(x[0]);
  a.call([&]() -> int {
    switch (x[1]) {
      case 0:
        return fdatasync(fd);
      case 1:
        return sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
      case 2:
        return sync_file_range(fd, 0, 8192, SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
      case 3:
        return sync_file_range(fd, -1, 10, SYNC_FILE_RANGE_WRITE);
      default:
        return fsync(fd);
    }
  });
}

void op_advise(Actor& a, const Args& x) {
  a.call([&] { return posix_fadvise(a.fd(x[0]), x[1], x[2], static_cast<int>(x[3])); });
}

void op_set_times(Actor& a, const Args& x) {
  const int fd = a.fd(x[0]);
  timespec times[2];
  explicit_times(x[1], times);
  const timeval values[2] = {as_timeval(times[0]), as_timeval(times[1])};
  a.call([&]() -> int {
    if (x[2] == 0) return futimes(fd, values);
    if (x[2] == 1) return futimens(fd, nullptr);
    if (x[2] == 2) return utimensat(fd, "", times, AT_EMPTY_PATH);
    return futimens(fd, times);
  });
}

void op_set_path_times(Actor& a, const Args& x) {
  const char* path = path_name(x[0]);
  timespec times[2];
  explicit_times(x[1], times);
  const timeval values[2] = {as_timeval(times[0]), as_timeval(times[1])};
  const utimbuf seconds = {times[0].tv_sec, times[1].tv_sec};
  a.call([&]() -> int {
    if (x[2] == 0) return utimes(path, values);
    if (x[2] == 1) return utime(path, &seconds);
    if (x[2] == 2) return utime(path, nullptr);
    if (x[2] == 3) return futimesat(AT_FDCWD, path, values);
    times[1].tv_nsec = x[2] == 4 ? UTIME_OMIT : times[1].tv_nsec;
    return utimensat(AT_FDCWD, path, times, x[2] == 5 ? AT_SYMLINK_NOFOLLOW : 0);
  });
}

void op_chmod(Actor& a, const Args& x) {
  const mode_t mode = static_cast<mode_t>(x[2]);
  a.call([&] { return x[3] == 0 ? chmod(path_name(x[1]), mode) : fchmod(a.fd(x[0]), mode); });
}

void op_chown(Actor& a, const Args& x) {
  a.call([&] {
    return x[2] == 0 ? chown(path_name(x[1]), getuid(), getgid())
                     : fchown(a.fd(x[0]), getuid(), getgid());
  });
}

void op_attribute(Actor& a, const Args& x) {
  const char value[] = "seen";
  char back[16] = {};
  a.call([&] {
    return x[2] == 0 ? setxattr(path_name(x[1]), "user.seen", value, 4, 0)
                     : fsetxattr(a.fd(x[0]), "user.seen", value, 4, 0);
  });
  a.call([&] { return fgetxattr(a.fd(x[0]), "user.seen", back, sizeof(back)); });
}

void op_link(Actor& a, const Args& x) {
  a.call([&] {
    return x[2] == 0 ? symlink((std::string("../") + path_name(x[0])).c_str(), path_name(x[1]))
                     : link(path_name(x[0]), path_name(x[1]));
  });
}

void op_rename(Actor& a, const Args& x) {
  a.call([&] { return rename(path_name(x[0]), path_name(x[1])); });
}

void op_unlink(Actor& a, const Args& x) {
  a.call([&] { return unlink(path_name(x[0])); });
}

void op_fallocate(Actor& a, const Args& x) {
  static constexpr int kModes[] = {0,
                                   FALLOC_FL_KEEP_SIZE,
                                   FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE,
                                   FALLOC_FL_ZERO_RANGE,
                                   FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE,
                                   FALLOC_FL_COLLAPSE_RANGE,
                                   FALLOC_FL_INSERT_RANGE};
  const bool whole = x[1] >= 5;
  const off_t offset = whole ? x[2] / 4096 * 4096 : x[2];
  const off_t length = whole ? x[3] / 4096 * 4096 : x[3];
  a.call([&] {
    return x[1] == 7 ? posix_fallocate(a.fd(x[0]), offset, length)
                     : fallocate(a.fd(x[0]), kModes[x[1]], offset, length);
  });
}

void op_size_limit(Actor& a, const Args& x) {
  rlimit limit = {};
  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = x[1] < 3 ? RLIM_INFINITY : static_cast<rlim_t>(x[0]);
  signal(SIGXFSZ, x[1] == 9 ? SIG_DFL : SIG_IGN);
  a.call([&] { return setrlimit(RLIMIT_FSIZE, &limit); });
}

}  // namespace differential
