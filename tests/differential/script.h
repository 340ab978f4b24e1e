// A sequence as text: one operation per line, `name key=value ...`, replayable and cuttable: any
// subset of the lines is again a sequence.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace differential {

struct Op;

using Args = std::vector<int64_t>;

struct Step {
  const Op* op;
  Args args;
};

using Script = std::vector<Step>;

/// Blank lines and everything behind a `#` are skipped. Throws std::runtime_error for a bad line.
Script parse_script(std::string_view text);

/// With `explain`, each line ends in a comment that spells out paths and flags.
std::string print_step(const Step& step, bool explain);
std::string print_script(const Script& script, bool explain);

/// The index of the `end` that closes the block opened at `open`, or the script's size.
size_t block_end(const Script& script, size_t open);

}  // namespace differential
