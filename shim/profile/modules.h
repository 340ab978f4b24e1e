// Which files the program's code comes from.
#pragma once

#include "shim/profile/call_path.h"
#include "shim/profile/state.h"

namespace seqshim::profiling {

/// Sees to it that the slot lists the modules of all frames, as far as the dynamic linker knows
/// them. The state is held.
void note_modules(State& state, const CallPath& path);

}  // namespace seqshim::profiling
