#include "shim/interpose/entry.h"

using namespace seqshim;

SEQSHIM_EXPORT off_t lseek(int fd, off_t offset, int whence) {
  const bool asks_for_contents = whence != SEEK_SET && whence != SEEK_CUR;
  return with_kernel(asks_for_contents ? Need::kBoth : Need::kPosition, thin().lseek, fd, offset,
                     whence);
}
SEQSHIM_TWIN(lseek64, lseek);
SEQSHIM_TWIN(__lseek, lseek);
