// Who looks on while a program runs.
#pragma once

#include <vector>

namespace seqshim {

/// Called by stay_as_parent() in the waiting process, which has all its signals blocked.
class Onlooker {
 public:
  virtual ~Onlooker() = default;

  /// Descriptors that are to stay open; all others are closed.
  virtual std::vector<int> descriptors() const = 0;
  /// Whether look() is to be called while nothing else happens, ten times a second.
  virtual bool is_curious() const = 0;
  virtual void look() = 0;
  /// The terminal has another size.
  virtual void resized() = 0;
  /// The program has been stopped, and the terminal is somebody else's now.
  virtual void step_aside() = 0;
  /// The program has ended, and what it wrote is in its files. An exit code other than 0 takes the
  /// place of the program's end.
  virtual int finish() = 0;
};

}  // namespace seqshim
