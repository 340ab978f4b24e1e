// The comparison as a picture, by gnuplot.
#pragma once

#include <string>
#include <vector>

#include "shim/cli/compare/comparison.h"
#include "shim/cli/compare/process_tree.h"

namespace seqshim {

/// Before anything runs: throws Failure if `path` ends in neither .svg nor .png (wrong usage), or
/// there is no gnuplot.
void check_plot(const std::string& path);

/// For each metric two bars, of plain + sync, which is always as long, and of seqshim in
/// proportion. `directory` is for files in between. Throws Failure if gnuplot fails.
void plot(const Comparison& comparison, const std::string& path, const std::string& directory,
          ProcessTree& processes);

/// What gnuplot is told.
std::string plot_script(const Comparison& comparison, const std::string& path);

}  // namespace seqshim
