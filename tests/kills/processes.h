// Processes: ending, watching and finding them. Whoever called adopt_orphans() becomes the parent
// of its descendants' orphans, so that it sees each of them end, the guards too.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace kills {

void adopt_orphans();

struct Ended {
  int status;
  int64_t when;  // microseconds_now()
};

/// Reaps what ends.
class Reaper {
 public:
  /// False: it took longer.
  bool wait_for_all(int64_t milliseconds);
  bool wait_for(pid_t pid, int64_t milliseconds);
  const std::map<pid_t, Ended>& ended() const { return ended_; }

 private:
  bool wait_until(const std::function<bool()>& condition, int64_t milliseconds);
  bool reap();

  std::map<pid_t, Ended> ended_;
};

/// Also where somebody else is its parent and doesn't reap it.
bool wait_for_death(pid_t pid, int64_t milliseconds);
/// Until all its threads have stopped.
void stop(pid_t pid);
std::vector<pid_t> children_of(pid_t pid);
/// They are orphans, and so ours.
std::vector<pid_t> guards_of(pid_t pid);
/// All children and children's children of this process.
void kill_descendants();

}  // namespace kills
