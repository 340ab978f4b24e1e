// What is compared, and how.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>

#include "shim/cli/words.h"

namespace seqshim {

struct Plan {
  Words command;
  int rounds = 3;
  int warmup = 0;                      // rounds before those, which don't count
  std::optional<std::string> prepare;  // for sh, before each run
  std::optional<std::string> input, output;
  bool show_output = false;
  bool ignore_failure = false;
  std::optional<bool> check;  // whether all write the same; not said: if there are few files
  std::optional<std::string> json, plot;
};

/// The comparison can't go on: what to say, and the exit code.
class Failure : public std::runtime_error {
 public:
  Failure(const std::string& message, int exit_code)
      : std::runtime_error(message), exit_code(exit_code) {}
  const int exit_code;
};

}  // namespace seqshim
