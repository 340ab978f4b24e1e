// The pictures of a page: inline SVG whose text keeps its size however wide the page is.
#pragma once

#include <string>
#include <string_view>

#include "shim/cli/report/tree.h"

namespace seqshim {

/// What the axes reach to, so that two reports can be compared by eye.
struct Scale {
  double seconds = 0;
  double bytes_per_second = 0;
  double wait_percent = 0;

  void include(const Tree& tree);
};

/// Which of two reports a figure is of; empty where there is one.
struct Side {
  std::string_view title;  // "A: "; begins the figure's
  std::string_view id;     // "a-"; begins the ids in it
};

// Each is one <figure>.
std::string rate_figure(const Tree& tree, const Scale& scale, const Side& side);
std::string wait_figure(const Tree& tree, const Scale& scale, const Side& side);
std::string size_figure(const Tree& tree, const Side& side);
std::string share_figure(const Tree& tree, const Side& side);

}  // namespace seqshim
