// Instead of symbols.cc where there is no libdw to build with.
#include "shim/cli/profile/symbols.h"

namespace seqshim::profiling {

class Symbols::Module {};

Symbols::Symbols() = default;
Symbols::~Symbols() = default;

const Symbol& Symbols::of(const Frame& frame) { return known_[frame]; }

}  // namespace seqshim::profiling
