// Where the libraries are that are loaded into programs, and how they get there.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace seqshim {

/// A library that is to be loaded into programs.
struct PreloadLibrary {
  std::string path;     // empty: it isn't there
  std::string problem;  // why LD_PRELOAD can't have it; empty: it can
};

/// It stands beside the command in a build tree, and where libraries are when installed.
PreloadLibrary find_preload_library(std::string_view name);

/// The value of LD_PRELOAD that puts `library` ("libseqshim.so") before whatever is there already.
/// Nothing, after one line on standard error, if it isn't there or where no program can load it
/// from.
std::optional<std::string> preload_with(std::string_view library);

}  // namespace seqshim
