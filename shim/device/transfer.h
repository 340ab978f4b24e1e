// One region's way from memory to the file: whole aligned units by the direct descriptor, the
// ragged edges through the page cache. Nothing is padded, read or rewritten, so the file's size is
// exact at every instant and no neighbouring byte is touched.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "shim/device/pace.h"
#include "shim/report/counters.h"
#include "shim/system/file_id.h"

namespace seqshim {

struct Transfer {
  // What to do. The descriptors and the bytes stay valid and unchanged until it is done.
  FileId file;          // nothing is written to a number that isn't open on it
  int plain;            // the program's own open file description
  int direct;           // a second description of the file, O_DIRECT; -1: all goes through `plain`
  Rung rung;            // stepped down here where the kernel lacks what it asks for
  uint32_t unit;        // alignment of offset, length and address for `direct`
  bool alone;           // it shares no call with others: one that fails may not end there
  Pace* pace;           // how fast; null: as it goes
  size_t least_direct;  // shorter aligned middles go through the page cache as well
  int64_t offset;
  const std::byte* data;  // agrees with `offset` modulo `unit`
  size_t bytes;
  std::atomic<uint32_t>* landed;  // grows by what has been written, as soon as it has; may be null
  /// Of bytes that the program believes written, shared by the transfers of one file: the errno of
  /// the first that wasn't written whole. Those behind it then don't begin, lest a hole show where
  /// bytes were accepted. nullptr: the program waits for the answer.
  std::atomic<int>* refusal;

  // What came of it.
  int error;         // 0, or the errno that kept the bytes from `written` on out of the file
  int direct_error;  // 0, or why the direct descriptor refused what then went by `plain`
  size_t written;
  size_t direct_bytes;
  uint32_t direct_writes;    // calls of its own
  size_t direct_call_bytes;  // what those moved, also of the transfers written together with it

  // Between whoever submits it and the engine.
  std::atomic<uint32_t> state;
  Transfer* next;
};

/// Carries it out before returning. Raw system calls only; any thread, also one without libc.
void carry_out(Transfer& transfer);

/// As many as carry_out() takes at once.
inline constexpr size_t kMostTogether = 8;
/// Whether both go direct as a whole and `next` begins where `transfer` ends.
bool continues(const Transfer& transfer, const Transfer& next);
/// Each of `transfers` continues the one before it: one large write instead of several.
void carry_out(Transfer* const* transfers, size_t count);

/// Writes back and drops [from, to) of the page cache. Pages that are only partly inside stay.
/// Returns 0, or -errno if the writeback failed.
long drop_from_cache(int fd, int64_t from, int64_t to);

}  // namespace seqshim
