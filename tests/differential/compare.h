// What counts as a difference between a plain run and one with the shim.
#pragma once

#include <string>

#include "tests/differential/runner.h"

namespace differential {

/// Of a plain run, or that it hangs, but where the sequence wanted it: libc has been asked for what
/// nobody may ask of it, and anything may come of that.
bool crashed(const Script& script, const Outcome& plain);

/// Empty when the shim was invisible, else a few lines for a person.
///
/// Permitted differences, all of them:
///  - while the sequence runs, a stat that sees the time of a plain write ("now") may still see an
///    earlier explicit time through the shim, since the write is not in the kernel yet. At the end
///    of the run the times must agree.
/// Never looked at: st_blocks, atime, ctime, inode numbers, the value of "now".
std::string difference(const Script& script, const Outcome& plain, const Outcome& shim);

}  // namespace differential
