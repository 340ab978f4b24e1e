// What libc writes by itself.
#pragma once

namespace seqshim::profiling {

/// From now on what stdio's streams write is noted. False: their slots weren't found, and it isn't.
/// At start-up only.
bool watch_streams();

/// Finds out whether dprintf's output comes by a stream.
void watch_prints();

}  // namespace seqshim::profiling
