// Guards of ended processes, which write what those had not (see shim/guard/guard.h), among the
// children of this one: it has to adopt orphans.
#pragma once

#include <sys/types.h>

namespace seqshim {

/// The process that this one guards; 0: it is no guard.
pid_t guarded_by(pid_t process);

/// Until no child of ours is left that is the guard of a process which has ended. Other children
/// aren't waited for, nor is the guard of a process that lives on, like a daemon.
void wait_for_guards();

}  // namespace seqshim
