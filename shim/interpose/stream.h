// What stdio's streams call in the place of libc's own functions.
#pragma once

#include "shim/interpose/stdio_slots.h"

namespace seqshim {

extern const StreamCalls managed_stream_calls;
/// Of streams to processes, whose descriptors may come to stand for files.
extern const StreamCalls managed_process_stream_calls;

}  // namespace seqshim
