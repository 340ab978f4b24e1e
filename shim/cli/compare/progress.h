// Which run it is, on a terminal.
#pragma once

#include <chrono>

#include "shim/cli/compare/plan.h"
#include "shim/cli/compare/run_result.h"

namespace seqshim {

/// One line on standard error that replaces itself. Elsewhere than on a terminal, and where the
/// command's own output is shown: nothing.
class Progress {
 public:
  explicit Progress(const Plan& plan);
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Rounds up to 0 are those that warm up.
  void show(int round, Way way);
  void clear() const;

 private:
  const bool shown_;
  const int rounds_, runs_;
  int begun_ = 0;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace seqshim
