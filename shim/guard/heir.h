// Who comes after a guard that is killed: a second one, which sleeps until then.
//
// What a guard writes through the page cache wants memory. Where that has just ended the program,
// the kernel may take the guard too, before the program's memory is free again. The heir asks for
// none as long as it sleeps, and is the smaller one: it has not touched the clusters.
#pragma once

#include <cstdint>

namespace seqshim {

/// Clones this process, which has one thread and all signals blocked; the two share the descriptor
/// table. Returns false in this one, at once: `heir_fd` is a process descriptor of the clone, -1 if
/// there is none. Returns true in the clone, when this one is gone. Who is killed amid it may leave
/// there a number that is nothing of the kind.
bool leave_heir(int32_t& heir_fd);

}  // namespace seqshim
