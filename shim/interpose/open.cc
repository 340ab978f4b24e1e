#include "shim/interpose/entry.h"

using namespace seqshim;

namespace {

/// The mode that follows the flags where a file may be created.
mode_t mode_of(int flags, va_list arguments) {
  const bool creates = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
  return creates ? va_arg(arguments, mode_t) : 0;
}

int open_by_system_call(int directory, const char* path, int flags, mode_t mode) {
  return make_system_call<__NR_openat, int>(directory, path, flags, mode);
}

/// Opens: a file that is managed already is brought up to date first, since O_TRUNC acts at once.
template <class Call>
int open_file(int directory, const char* path, int flags, Call call) {
  const FileId prepared =
      prepare_path(directory, path, (flags & O_NOFOLLOW) != 0 ? AT_SYMLINK_NOFOLLOW : 0);
  const int fd = with_number(call);
  opened(fd, flags, prepared);
  return fd;
}

template <class Call>
int make_temporary(int flags, Call call) {
  const int fd = with_number(call);
  opened(fd, (flags & ~O_ACCMODE) | O_RDWR);
  return fd;
}

}  // namespace

SEQSHIM_EXPORT int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  if (!libc_is_known()) return open_by_system_call(AT_FDCWD, path, flags, mode);
  return open_file(AT_FDCWD, path, flags, [&] { return libc().open(path, flags, mode); });
}
SEQSHIM_TWIN(open64, open);
SEQSHIM_TWIN(__open, open);
SEQSHIM_TWIN(__open64, open);

SEQSHIM_EXPORT int openat(int directory, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  if (!libc_is_known()) return open_by_system_call(directory, path, flags, mode);
  return open_file(directory, path, flags,
                   [&] { return libc().openat(directory, path, flags, mode); });
}
SEQSHIM_TWIN(openat64, openat);

SEQSHIM_EXPORT int creat(const char* path, mode_t mode) {
  return open_file(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC,
                   [&] { return libc().creat(path, mode); });
}
SEQSHIM_TWIN(creat64, creat);

SEQSHIM_EXPORT int __open_2(const char* path, int flags) {
  if (!libc_is_known()) return open_by_system_call(AT_FDCWD, path, flags, 0);
  return open_file(AT_FDCWD, path, flags, [&] { return libc().__open_2(path, flags); });
}
SEQSHIM_TWIN(__open64_2, __open_2);

SEQSHIM_EXPORT int __openat_2(int directory, const char* path, int flags) {
  return open_file(directory, path, flags,
                   [&] { return libc().__openat_2(directory, path, flags); });
}
SEQSHIM_TWIN(__openat64_2, __openat_2);

SEQSHIM_EXPORT int mkstemp(char* pattern) {
  return make_temporary(0, [&] { return libc().mkstemp(pattern); });
}
SEQSHIM_TWIN(mkstemp64, mkstemp);

SEQSHIM_EXPORT int mkostemp(char* pattern, int flags) {
  return make_temporary(flags, [&] { return libc().mkostemp(pattern, flags); });
}
SEQSHIM_TWIN(mkostemp64, mkostemp);

SEQSHIM_EXPORT int mkstemps(char* pattern, int suffix) {
  return make_temporary(0, [&] { return libc().mkstemps(pattern, suffix); });
}
SEQSHIM_TWIN(mkstemps64, mkstemps);

SEQSHIM_EXPORT int mkostemps(char* pattern, int suffix, int flags) {
  return make_temporary(flags, [&] { return libc().mkostemps(pattern, suffix, flags); });
}
SEQSHIM_TWIN(mkostemps64, mkostemps);

SEQSHIM_EXPORT int open_by_handle_at(int mount, file_handle* handle, int flags) {
  const int fd = libc().open_by_handle_at(mount, handle, flags);
  opened(fd, flags);
  return fd;
}
