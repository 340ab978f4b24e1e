// A file is made where the user's would be, written as the shim would write it, and looked at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "shim/report/counters.h"

namespace seqshim {

struct WriteTrial {
  enum class File : uint8_t {
    kNone,      // `make_error` says why
    kUnnamed,   // O_TMPFILE
    kUnlinked,  // had a name for a moment
  };
  File file = File::kNone;
  int make_error = 0;
  bool too_full = false;  // so nothing was written

  // The first piece. An errno each, or 0.
  int open_error = 0;    // of a second, O_DIRECT description
  int direct_error = 0;  // why the direct write went through the page cache instead
  int write_error = 0;   // nothing got there, either way
  size_t piece = 0;      // bytes
  size_t direct_bytes = 0;
  int64_t pages_left = -1;  // of the piece in the page cache, afterwards; -1: the kernel won't say
  bool by_cachestat = false;  // it said so by cachestat(2), not by mincore(2)

  // In the end: what the shim would have learnt after a few pieces.
  Rung rung = Rung::kUndecided;
  uint32_t unit = 0;

  // What else the file system does. An errno each, or 0: it does it.
  int dontcache_error = 0;
  int reserve_error = 0;
  int share_error = 0;
  bool alignment_known = false;
  uint32_t memory_alignment = 0, offset_alignment = 0;  // 0: no direct I/O
  uint64_t quota_left = UINT64_MAX;                     // as quota_left() has it
  bool space_granted = false;                           // for the next piece
  bool space_reserved = false;
};

struct TrialOrder {
  std::string directory;
  size_t piece;     // SEQSHIM_CLUSTER
  uint64_t margin;  // see margin_beyond()
  uint64_t left;    // bytes on the disk
};

/// Makes one temporary file, which is gone when this returns or the process dies. At most four
/// pieces are written.
WriteTrial try_to_write(const TrialOrder& order);

/// The least that a disk must have left for a trial.
inline constexpr uint64_t kEnoughForATrial = uint64_t{32} << 20;

}  // namespace seqshim
