// From addresses in files of code to names.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "shim/cli/profile/profile_data.h"

namespace seqshim::profiling {

/// What isn't known is empty, or 0.
struct Symbol {
  std::string function;  // C++ names are demangled
  uint64_t offset = 0;   // where in the function the call returns to
  std::string file;      // of the source
  int line = 0;
};

/// Looks into the files and into those with their debug information, where they have separate ones.
/// Built without libdw, it knows no names.
class Symbols {
 public:
  Symbols();
  ~Symbols();
  Symbols(const Symbols&) = delete;
  Symbols& operator=(const Symbols&) = delete;

  const Symbol& of(const Frame& frame);

 private:
  class Module;

  Symbol look_up(const Frame& frame);

  std::map<std::string, std::unique_ptr<Module>> modules_;
  std::map<Frame, Symbol> known_;
};

}  // namespace seqshim::profiling
