// Lines on a terminal that are drawn again and again in the same place, while others may print
// there too.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace seqshim {

/// The cursor rests behind the first of the lines: what a program prints follows that, as with
/// pv(1), and the others make way.
class Display {
 public:
  /// `fd` stays open.
  explicit Display(int fd) : fd_(fd) {}

  /// Whether it is a terminal on which a cursor can be moved.
  static bool is_possible(int fd);

  /// Whether anything may be drawn now: the terminal is ours to use, and takes it without a wait.
  bool is_ready() const;
  struct Size {
    size_t columns = 80, rows = 24;
  };
  Size size() const;

  /// In place of those before. At least one, each shorter than the terminal is wide, together fewer
  /// than its rows.
  void draw(const std::vector<std::string>& lines);
  /// Nothing is left of what was drawn.
  void erase();
  /// Likewise, but for this line, below which others go on.
  void leave(const std::string& line);

 private:
  void put(const std::string& text);

  const int fd_;
  bool drawn_ = false;
};

}  // namespace seqshim
