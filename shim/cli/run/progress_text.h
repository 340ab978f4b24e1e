// The lines that `--progress` draws, as text.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "shim/cli/run/shared_counters.h"

namespace seqshim {

/// How fast a number grows just now: over the last second.
class Speed {
 public:
  /// It is `bytes` at `seconds`, which never go back.
  void note(double seconds, uint64_t bytes);
  double per_second() const;

 private:
  std::deque<std::pair<double, uint64_t>> seen_;  // the first one a second before the last, or more
};

/// A run, or one file of it, at one moment.
struct Moment {
  Tallies tallies{};
  double speed = 0;    // bytes a second
  std::string path{};  // of a file
};

/// One line for the whole, which has lasted `seconds`; and if several files are open, one for each,
/// as far as the terminal's `rows` go. One is left for the cursor, and so is the last column.
std::vector<std::string> progress_lines(const Moment& whole, double seconds,
                                        const std::vector<Moment>& files, size_t columns,
                                        size_t rows);

/// What is left of it in the end.
std::string last_progress_line(const Tallies& tallies, double seconds);

}  // namespace seqshim
