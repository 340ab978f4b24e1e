// Finishing another's job: what a process accepted and did not live, or take the time, to write.
//
// The segment may hold anything at all when its owner has died of a bug that wrote all over its
// memory. Nothing in it is followed: places are computed, numbers checked, and a descriptor is
// written to only if it is one of the shim's own and open for writing on the very file named.
//
// Raw system calls and no other function: the guard has no libc. One thread at a time.
#pragma once

#include "shim/cache/segment.h"

namespace seqshim {

/// What came of the bytes that one file was still due.
struct FileOutcome {
  struct Sum {
    uint64_t bytes, clusters;
  };
  Sum written, lost;  // of a cluster there may be some of both
  int error;          // why the first of them was lost: an errno
  int fd;             // open on the file; -1: none is
};

/// Zero is that nothing was due. Of more files than it has room for, the last one stands for all
/// the others, with no descriptor.
struct Recovery {
  static constexpr size_t kMost = 64;
  FileOutcome files[kMost];
  size_t count;
};

/// The owner is gone: takes back the places that were reserved and not filled, then writes all that
/// is due, file by file and in order. What a descriptor refuses stays due. `outcome` is zero.
void recover(const Segment& segment, Recovery& outcome);

/// The owner lives: writes what hasn't grown since the last call, unless other bytes of the file
/// are still on their way.
void flush_rested(const Segment& segment);

/// A guard was killed, and has let go of everything: what it was writing is due again.
void take_over(Entry& entry);
void take_over_all(const Segment& segment);

/// Whether anything is accepted that the file lacks, or that more can be added to.
bool anything_held(const Segment& segment);

}  // namespace seqshim
