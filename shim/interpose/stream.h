// What stdio's file streams call in the place of libc's own functions.
#pragma once

#include "shim/interpose/stdio_slots.h"

namespace seqshim {

extern const StreamCalls managed_stream_calls;

}  // namespace seqshim
