// Bytes that move from file to file inside the kernel.
#include <linux/fs.h>

#include "shim/interpose/entry.h"

using namespace seqshim;

namespace {

template <class Call>
ssize_t copy_between(int from, int to, Call call) {
  if (!prepare(from, Need::kBoth) || !prepare(to, Need::kBoth)) return fail<ssize_t>(EBADF);
  const ssize_t bytes = call();
  if (bytes > 0) note_passed(to, static_cast<size_t>(bytes));
  return bytes;
}

/// The descriptor that a clone request reads from; -1: it is none.
int clone_source(unsigned long request, const void* argument) {
  if (request == FICLONE) return static_cast<int>(reinterpret_cast<long>(argument));
  if (request == FICLONERANGE && argument != nullptr)
    return static_cast<int>(static_cast<const file_clone_range*>(argument)->src_fd);
  return -1;
}

}  // namespace

SEQSHIM_EXPORT ssize_t sendfile(int to, int from, off_t* offset, size_t bytes) noexcept {
  return copy_between(from, to, [&] { return libc().sendfile(to, from, offset, bytes); });
}
SEQSHIM_TWIN(sendfile64, sendfile);

SEQSHIM_EXPORT ssize_t copy_file_range(int from, off64_t* from_offset, int to, off64_t* to_offset,
                                       size_t bytes, unsigned flags) {
  return copy_between(from, to, [&] {
    return libc().copy_file_range(from, from_offset, to, to_offset, bytes, flags);
  });
}

SEQSHIM_EXPORT ssize_t splice(int from, off64_t* from_offset, int to, off64_t* to_offset,
                              size_t bytes, unsigned flags) {
  return copy_between(
      from, to, [&] { return libc().splice(from, from_offset, to, to_offset, bytes, flags); });
}

SEQSHIM_EXPORT int ioctl(int fd, unsigned long request, ...) noexcept {
  va_list arguments;
  va_start(arguments, request);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  if (!prepare(fd, Need::kBoth)) return fail(EBADF);
  if (request == FIDEDUPERANGE) hand_over_all();
  if (const int source = clone_source(request, argument); source >= 0) prepare(source, Need::kData);
  return libc().ioctl(fd, request, argument);
}
