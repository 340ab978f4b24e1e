// Times, modes, owners and attributes: what was written before is in the file before they change,
// since a later write would change them again (mtime, set-user-id bits, security attributes).
#include "shim/interpose/entry.h"

using namespace seqshim;

namespace {

template <class Call>
int change_path(int directory, const char* path, int at_flags, Call call) {
  if ((at_flags & AT_EMPTY_PATH) != 0 && !prepare(directory, Need::kData)) return fail(EBADF);
  prepare_path(directory, path, at_flags);
  return call();
}

}  // namespace

SEQSHIM_EXPORT int futimens(int fd, const timespec times[2]) noexcept {
  return with_kernel(Need::kData, libc().futimens, fd, times);
}

SEQSHIM_EXPORT int utimensat(int directory, const char* path, const timespec times[2],
                             int flags) noexcept {
  // Linux: no path is the descriptor itself.
  if (path == nullptr && !prepare(directory, Need::kData)) return fail(EBADF);
  return change_path(directory, path, flags,
                     [&] { return libc().utimensat(directory, path, times, flags); });
}

SEQSHIM_EXPORT int utimes(const char* path, const timeval times[2]) noexcept {
  return change_path(AT_FDCWD, path, 0, [&] { return libc().utimes(path, times); });
}

SEQSHIM_EXPORT int lutimes(const char* path, const timeval times[2]) noexcept {
  return change_path(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW,
                     [&] { return libc().lutimes(path, times); });
}

SEQSHIM_EXPORT int futimes(int fd, const timeval times[2]) noexcept {
  return with_kernel(Need::kData, libc().futimes, fd, times);
}

SEQSHIM_EXPORT int futimesat(int directory, const char* path, const timeval times[2]) noexcept {
  if (path == nullptr && !prepare(directory, Need::kData)) return fail(EBADF);
  return change_path(directory, path, 0, [&] { return libc().futimesat(directory, path, times); });
}

SEQSHIM_EXPORT int utime(const char* path, const utimbuf* times) noexcept {
  return change_path(AT_FDCWD, path, 0, [&] { return libc().utime(path, times); });
}

SEQSHIM_EXPORT int fchmod(int fd, mode_t mode) noexcept {
  return with_kernel(Need::kData, libc().fchmod, fd, mode);
}

SEQSHIM_EXPORT int chmod(const char* path, mode_t mode) noexcept {
  return change_path(AT_FDCWD, path, 0, [&] { return libc().chmod(path, mode); });
}

SEQSHIM_EXPORT int fchmodat(int directory, const char* path, mode_t mode, int flags) noexcept {
  return change_path(directory, path, flags,
                     [&] { return libc().fchmodat(directory, path, mode, flags); });
}

SEQSHIM_EXPORT int fchown(int fd, uid_t user, gid_t group) noexcept {
  return with_kernel(Need::kData, libc().fchown, fd, user, group);
}

SEQSHIM_EXPORT int chown(const char* path, uid_t user, gid_t group) noexcept {
  return change_path(AT_FDCWD, path, 0, [&] { return libc().chown(path, user, group); });
}

SEQSHIM_EXPORT int lchown(const char* path, uid_t user, gid_t group) noexcept {
  return change_path(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW,
                     [&] { return libc().lchown(path, user, group); });
}

SEQSHIM_EXPORT int fchownat(int directory, const char* path, uid_t user, gid_t group,
                            int flags) noexcept {
  return change_path(directory, path, flags,
                     [&] { return libc().fchownat(directory, path, user, group, flags); });
}

SEQSHIM_EXPORT int fsetxattr(int fd, const char* name, const void* value, size_t bytes,
                             int flags) noexcept {
  return with_kernel(Need::kData, libc().fsetxattr, fd, name, value, bytes, flags);
}

SEQSHIM_EXPORT int setxattr(const char* path, const char* name, const void* value, size_t bytes,
                            int flags) noexcept {
  return change_path(AT_FDCWD, path, 0,
                     [&] { return libc().setxattr(path, name, value, bytes, flags); });
}

SEQSHIM_EXPORT int lsetxattr(const char* path, const char* name, const void* value, size_t bytes,
                             int flags) noexcept {
  return change_path(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW,
                     [&] { return libc().lsetxattr(path, name, value, bytes, flags); });
}

SEQSHIM_EXPORT ssize_t fgetxattr(int fd, const char* name, void* value, size_t bytes) noexcept {
  return with_kernel(Need::kData, libc().fgetxattr, fd, name, value, bytes);
}

SEQSHIM_EXPORT ssize_t flistxattr(int fd, char* list, size_t bytes) noexcept {
  return with_kernel(Need::kData, libc().flistxattr, fd, list, bytes);
}

SEQSHIM_EXPORT int fremovexattr(int fd, const char* name) noexcept {
  return with_kernel(Need::kData, libc().fremovexattr, fd, name);
}

SEQSHIM_EXPORT int removexattr(const char* path, const char* name) noexcept {
  return change_path(AT_FDCWD, path, 0, [&] { return libc().removexattr(path, name); });
}

SEQSHIM_EXPORT int lremovexattr(const char* path, const char* name) noexcept {
  return change_path(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW,
                     [&] { return libc().lremovexattr(path, name); });
}
