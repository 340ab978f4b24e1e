// stdio's streams. They write and close inside libc, see shim/interpose/stdio_slots.h.
#include "shim/profile/stream.h"

#include "shim/interpose/stdio_slots.h"
#include "shim/profile/entry.h"

namespace seqshim::profiling {
namespace {

constexpr StreamCalls kWatched{
    .read = [](FILE* stream, void* target,
               ssize_t bytes) { return libc_stream_calls.read(stream, target, bytes); },
    .write = [](FILE* stream, const void* source, ssize_t bytes) -> ssize_t {
      return watch_write(stream->_fileno, Via::kStream, kAtPosition, static_cast<size_t>(bytes),
                         [&] { return libc_stream_calls.write(stream, source, bytes); });
    },
    .seek = [](FILE* stream, off64_t offset,
               int whence) { return libc_stream_calls.seek(stream, offset, whence); },
    .close =
        [](FILE* stream) {
          forget(stream->_fileno);
          return libc_stream_calls.close(stream);
        },
    .stat = [](FILE* stream, void* facts) { return libc_stream_calls.stat(stream, facts); },
};

}  // namespace

bool watch_streams() { return hook_stdio_slots(kWatched); }

}  // namespace seqshim::profiling
