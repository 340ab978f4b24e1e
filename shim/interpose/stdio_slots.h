// Seeing what stdio does with a descriptor. Its streams call read, write, seek, close and stat
// inside libc, where no symbol can be interposed, but through a table of functions that libc also
// exports one by one; those entries of the table are replaced.
#pragma once

namespace seqshim {

/// Looks the table and its entries up; at start-up, since it needs the dynamic linker.
void find_stdio_slots();
/// Puts ours in. False, and nothing has changed, if not each was found exactly once.
bool hook_stdio_slots();

}  // namespace seqshim
