#pragma once

#include <string_view>

namespace seqshim {

/// The same as project(VERSION) in CMakeLists.txt; tests/cli/cli_test.sh compares them.
inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace seqshim
