// The kernel's own asynchronous requests, whichever way they are submitted.
#pragma once

struct iocb;

namespace seqshim {

/// Before the kernel takes them: it will read and write at times of its own.
void hand_back_requests(long count, const iocb* const* blocks);

}  // namespace seqshim
