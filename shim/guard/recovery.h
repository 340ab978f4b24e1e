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

/// The owner is gone: takes back the places that were reserved and not filled, then writes all that
/// is due, in order. What a descriptor refuses stays due.
void recover(const Segment& segment);

/// The owner lives: writes what hasn't grown since the last call.
void flush_rested(const Segment& segment);

/// Whether anything is accepted that the file lacks, or that more can be added to.
bool anything_held(const Segment& segment);

}  // namespace seqshim
