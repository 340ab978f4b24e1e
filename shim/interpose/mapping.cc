// Memory that is a file: what is stored or loaded there is never seen here, so from the first
// mapping on the file is the kernel's.
#include "shim/guard/lean_copy.h"
#include "shim/interpose/entry.h"

using namespace seqshim;

SEQSHIM_EXPORT void* mmap(void* address, size_t bytes, int protection, int flags, int fd,
                          off_t offset) noexcept {
  if ((flags & MAP_ANONYMOUS) == 0 && fd >= 0 && !prepare_mapping(fd)) return fail<void*>(EBADF);
  return thin().mmap(address, bytes, protection, flags, fd, offset);
}
SEQSHIM_TWIN(mmap64, mmap);

SEQSHIM_EXPORT int msync(void* address, size_t bytes, int flags) {
  // A mapping made before the file was managed is known by its file only.
  hand_over_all();
  return libc().msync(address, bytes, flags);
}

SEQSHIM_EXPORT int madvise(void* address, size_t bytes, int advice) noexcept {
  note_advice(advice);
  return thin().madvise(address, bytes, advice);
}
