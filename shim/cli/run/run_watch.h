// What `-v` says of a run when it is over, and `--progress` while it lasts.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "shim/cli/run/display.h"
#include "shim/cli/run/onlooker.h"
#include "shim/cli/run/progress_text.h"
#include "shim/cli/run/shared_counters.h"

namespace seqshim {

class RunWatch final : public Onlooker {
 public:
  /// Progress is shown only where standard error is a terminal.
  RunWatch(bool says_summary, bool shows_progress);

  /// Whether there is anything to be said or shown.
  bool is_wanted() const { return says_summary_ || display_.has_value(); }
  /// Before the program is started: SEQSHIM_PROGRESS leads it here. False: there is nothing to see,
  /// as one line on standard error has said.
  bool begin();

  std::vector<int> descriptors() const override;
  bool is_curious() const override { return display_.has_value(); }
  void look() override;
  void resized() override;
  void step_aside() override;
  int finish() override;

 private:
  double seconds() const;
  void draw(double now);
  Moment whole(const std::vector<WrittenFile>& files) const;
  std::vector<Moment> each(double now, const std::vector<WrittenFile>& files);

  const bool says_summary_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  SharedCounters counters_;
  std::optional<Display> display_;
  double looked_at_ = 0;  // in seconds since the start
  double drawn_at_ = 0;
  Tallies drawn_{};
  Speed speed_;
  std::map<std::pair<pid_t, size_t>, Speed> speeds_;  // of files, by process and slot
};

}  // namespace seqshim
