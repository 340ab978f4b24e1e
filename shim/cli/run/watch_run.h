// What `-v` says of a run when it is over, and `--progress` while it lasts.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "shim/cli/run/onlooker.h"
#include "shim/cli/run/shared_counters.h"

namespace seqshim {

class RunWatch final : public Onlooker {
 public:
  explicit RunWatch(bool says_summary) : says_summary_(says_summary) {}

  /// Before the program is started: SEQSHIM_PROGRESS leads it here. False: there is nothing to see,
  /// as one line on standard error has said.
  bool begin();

  std::vector<int> descriptors() const override;
  bool is_curious() const override { return false; }
  void look() override {}
  void resized() override {}
  void step_aside() override {}
  void finish() override;

 private:
  double seconds() const;

  const bool says_summary_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  SharedCounters counters_;
};

}  // namespace seqshim
