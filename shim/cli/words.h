// A command line, or part of one.
#pragma once

#include <string>
#include <vector>

namespace seqshim {

using Words = std::vector<std::string>;

}  // namespace seqshim
