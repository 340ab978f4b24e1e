// Staying as the parent of the command.
#pragma once

#include <functional>

#include "shim/cli/run/onlooker.h"

namespace seqshim {

/// Runs `program`, which executes the command or returns an exit code, in a child that looks as if
/// it ran in our place: signals sent to this process go on to it, and when it is stopped so is this
/// process. Returns the child's exit code, or dies by the signal that it died by, once no process
/// below is left that still writes for a dead one (see shim/guard/guard.h): those come to us as
/// orphans. Other orphans aren't waited for. Where no child can be had, `program` runs in this
/// process. `onlooker`, if there is one, sees what it asks to see of all this, and the end.
///
/// What can't be had: SIGKILL and SIGSTOP, sent to this process alone, don't reach the child; and a
/// signal that kill() sends to the whole process group reaches it twice.
int stay_as_parent(const std::function<int()>& program, Onlooker* onlooker = nullptr);

}  // namespace seqshim
