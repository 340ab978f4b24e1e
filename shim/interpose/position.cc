#include "shim/interpose/entry.h"

using namespace seqshim;

SEQSHIM_EXPORT off_t lseek(int fd, off_t offset, int whence) {
  const bool asks_for_contents = whence != SEEK_SET && whence != SEEK_CUR;
  const auto call = [&] { return thin().lseek(fd, offset, whence); };
  if (passes(fd)) return call();
  const Need need = asks_for_contents ? Need::kBoth : Need::kPosition;
  return conclude(seek_managed(fd, offset, whence, need), call);
}
SEQSHIM_TWIN(lseek64, lseek);
SEQSHIM_TWIN(__lseek, lseek);
