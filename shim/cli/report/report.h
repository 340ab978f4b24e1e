// `seqshim report`: a saved report, or two side by side, as text or as a page.
#pragma once

#include "shim/cli/words.h"

namespace seqshim {

/// The exit code.
int report(const Words& words);

}  // namespace seqshim
