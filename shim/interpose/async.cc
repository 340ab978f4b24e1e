// Requests that are carried out later: POSIX AIO's by threads of libc's own, below what can be seen
// here, and those that the kernel takes by the list.
#include "shim/interpose/async.h"

#include <linux/aio_abi.h>

#include "shim/interpose/entry.h"

using namespace seqshim;

// The declarations of the 64-bit twins name a type of their own, of the same layout.
#pragma GCC diagnostic ignored "-Wattribute-alias"

namespace {

/// They come and go.
void threads_of_libc_begin() { threads.any_uncounted.store(true, std::memory_order_relaxed); }

template <class Function>
int request(Function function, aiocb* block) {
  threads_of_libc_begin();
  if (!prepare_hand_back(block->aio_fildes, HandBack::kAsync)) return fail(EBADF);
  return function(block);
}

}  // namespace

namespace seqshim {

void hand_back_requests(long count, const iocb* const* blocks) {
  for (long i = 0; blocks != nullptr && i < count; ++i)
    if (blocks[i] != nullptr)
      prepare_hand_back(static_cast<int>(blocks[i]->aio_fildes), HandBack::kAsync);
}

}  // namespace seqshim

SEQSHIM_EXPORT int aio_read(aiocb* block) noexcept { return request(libc().aio_read, block); }
SEQSHIM_TWIN(aio_read64, aio_read);

SEQSHIM_EXPORT int aio_write(aiocb* block) noexcept { return request(libc().aio_write, block); }
SEQSHIM_TWIN(aio_write64, aio_write);

SEQSHIM_EXPORT int lio_listio(int mode, aiocb* const* blocks, int count, sigevent* event) noexcept {
  threads_of_libc_begin();
  for (int i = 0; i < count; ++i)
    if (blocks[i] != nullptr) prepare_hand_back(blocks[i]->aio_fildes, HandBack::kAsync);
  return libc().lio_listio(mode, blocks, count, event);
}
SEQSHIM_TWIN(lio_listio64, lio_listio);

SEQSHIM_EXPORT int aio_fsync(int operation, aiocb* block) noexcept {
  return request([&](aiocb* one) { return libc().aio_fsync(operation, one); }, block);
}
SEQSHIM_TWIN(aio_fsync64, aio_fsync);

/// libaio's, which returns the error.
extern "C" __attribute__((visibility("default"))) int io_submit(aio_context_t context, long count,
                                                                iocb** blocks) {
  hand_back_requests(count, blocks);
  return static_cast<int>(sys::call_with(__NR_io_submit, context, count, blocks));
}
