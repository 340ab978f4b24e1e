// What a file is said to be. By descriptor, its bytes are written first; by path, only if the
// answer turns out to be of a managed file, and then it is asked for again: once more should the
// path lead to another one by then.
#include <sys/sysmacros.h>

#include "shim/interpose/entry.h"

using namespace seqshim;

// The declarations of the 64-bit twins name types of their own, of the same layout.
#pragma GCC diagnostic ignored "-Wattribute-alias"

namespace {

/// `call` asks, `identity` says of which file the answer is.
template <class Call, class Identity>
int ask_until_settled(Call call, Identity identity) {
  int result = call();
  while (result == 0) {
    const struct stat its = identity();
    if (!prepare_inode(its)) break;
    result = call();
    const struct stat now = identity();
    if (now.st_dev == its.st_dev && now.st_ino == its.st_ino) break;
  }
  return result;
}

template <class Call>
int ask_by_path(struct stat* facts, Call call) {
  return ask_until_settled(call, [&] { return *facts; });
}

}  // namespace

SEQSHIM_EXPORT int fstat(int fd, struct stat* facts) noexcept {
  return with_kernel(Need::kData, libc().fstat, fd, facts);
}
SEQSHIM_TWIN(fstat64, fstat);

SEQSHIM_EXPORT int stat(const char* path, struct stat* facts) noexcept {
  return ask_by_path(facts, [&] { return libc().stat(path, facts); });
}
SEQSHIM_TWIN(stat64, stat);

SEQSHIM_EXPORT int lstat(const char* path, struct stat* facts) noexcept {
  return ask_by_path(facts, [&] { return libc().lstat(path, facts); });
}
SEQSHIM_TWIN(lstat64, lstat);

SEQSHIM_EXPORT int fstatat(int directory, const char* path, struct stat* facts,
                           int flags) noexcept {
  if ((flags & AT_EMPTY_PATH) != 0 && !prepare(directory, Need::kData)) return fail(EBADF);
  return ask_by_path(facts, [&] { return libc().fstatat(directory, path, facts, flags); });
}
SEQSHIM_TWIN(fstatat64, fstatat);

SEQSHIM_EXPORT int statx(int directory, const char* path, int flags, unsigned mask,
                         struct statx* facts) noexcept {
  if ((flags & AT_EMPTY_PATH) != 0 && !prepare(directory, Need::kData)) return fail(EBADF);
  const auto identity = [&] {
    struct stat its {};
    its.st_dev = makedev(facts->stx_dev_major, facts->stx_dev_minor);
    its.st_ino = facts->stx_ino;
    return its;
  };
  return ask_until_settled([&] { return libc().statx(directory, path, flags, mask, facts); },
                           identity);
}

// Programs built before glibc 2.33 call these.

SEQSHIM_EXPORT int __fxstat(int version, int fd, struct stat* facts) {
  if (!prepare(fd, Need::kData)) return fail(EBADF);
  return libc().__fxstat(version, fd, facts);
}
SEQSHIM_TWIN(__fxstat64, __fxstat);

SEQSHIM_EXPORT int __xstat(int version, const char* path, struct stat* facts) {
  return ask_by_path(facts, [&] { return libc().__xstat(version, path, facts); });
}
SEQSHIM_TWIN(__xstat64, __xstat);

SEQSHIM_EXPORT int __lxstat(int version, const char* path, struct stat* facts) {
  return ask_by_path(facts, [&] { return libc().__lxstat(version, path, facts); });
}
SEQSHIM_TWIN(__lxstat64, __lxstat);

SEQSHIM_EXPORT int __fxstatat(int version, int directory, const char* path, struct stat* facts,
                              int flags) {
  return ask_by_path(facts,
                     [&] { return libc().__fxstatat(version, directory, path, facts, flags); });
}
SEQSHIM_TWIN(__fxstatat64, __fxstatat);
