// The paths of calls by which the process came to write.
#pragma once

#include "shim/profile/call_path.h"
#include "shim/profile/state.h"

namespace seqshim::profiling {

/// A call, and how many it stands for.
struct Sample {
  Via via;
  uint64_t bytes, write_ns;
  double weight;
};

/// The state is held and has a slot.
void add_sample(State& state, const CallPath& path, const Sample& sample);

}  // namespace seqshim::profiling
