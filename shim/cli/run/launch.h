// The last step of a run: the environment is all set.
#pragma once

#include <string>

#include "shim/cli/run/options.h"
#include "shim/cli/words.h"
#include "shim/config/config.h"

namespace seqshim {

/// Has LD_PRELOAD begin with libseqshim.so. False, after one line on standard error, if that can't
/// be.
bool set_preload();

/// Runs the program in `file`, looked up along PATH if it has no slash, with `words` as its
/// arguments, the first of which is its name; see stay_as_parent(). With the guard off it takes the
/// place of this process, unless something is to be said of the run. `variables` are those that
/// were set for it, `config` what all of them amount to. Returns the exit code; if it is ours,
/// after one line on standard error.
int launch(const Options& options, const Variables& variables, const Config& config,
           const std::string& file, const Words& words);

}  // namespace seqshim
