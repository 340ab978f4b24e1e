// Where in the program the calls come from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "shim/cli/profile/profile_data.h"
#include "shim/cli/profile/symbols.h"

namespace seqshim::profiling {

enum class By { kBytes, kCalls, kTime };

/// "bytes", "calls" or "time".
std::optional<By> measure_named(const std::string& name);
double measure(const Weight& weight, By by);

/// The innermost frame that is the program's own, or a library's that isn't its language's run-time
/// library. Equal to the size if there are no frames.
size_t site_in(const CallStack& stack);

struct CallSite {
  Frame frame;
  Symbol symbol;
  std::string by;  // what it calls: "fwrite", "write"
  Weight weight;
  uint64_t samples;
  std::vector<Frame> callers;  // on its heaviest path, the innermost first
};

/// The heaviest first.
std::vector<CallSite> call_sites(const Profile& profile, Symbols& symbols, By by);

/// "main+0x1d (writer.c:42)", "libz.so.1+0x4f2a" where the function isn't known.
std::string describe(const Frame& frame, const Symbol& symbol);

/// The stacks as flame graph tools read them: "tar;main;dump_file;write 1024" for each.
std::string folded(const Profile& profile, Symbols& symbols, By by);

}  // namespace seqshim::profiling
