// POSIX AIO writes from threads of libc's own, below what can be seen here.
#include "shim/interpose/entry.h"

using namespace seqshim;

// The declarations of the 64-bit twins name a type of their own, of the same layout.
#pragma GCC diagnostic ignored "-Wattribute-alias"

namespace {

template <class Function>
int request(Function function, aiocb* block) {
  if (!prepare_hand_back(block->aio_fildes, HandBack::kAsync)) return fail(EBADF);
  return function(block);
}

}  // namespace

SEQSHIM_EXPORT int aio_read(aiocb* block) noexcept { return request(libc().aio_read, block); }
SEQSHIM_TWIN(aio_read64, aio_read);

SEQSHIM_EXPORT int aio_write(aiocb* block) noexcept { return request(libc().aio_write, block); }
SEQSHIM_TWIN(aio_write64, aio_write);

SEQSHIM_EXPORT int lio_listio(int mode, aiocb* const* blocks, int count, sigevent* event) noexcept {
  for (int i = 0; i < count; ++i)
    if (blocks[i] != nullptr) prepare_hand_back(blocks[i]->aio_fildes, HandBack::kAsync);
  return libc().lio_listio(mode, blocks, count, event);
}
SEQSHIM_TWIN(lio_listio64, lio_listio);
