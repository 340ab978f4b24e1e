// The parts of a page that are sentences and tables. All return HTML.
#pragma once

#include <string>
#include <string_view>

#include "shim/cli/report/tree.h"

namespace seqshim {

/// What became of the bytes, in a sentence or two.
std::string summary(const Tree& tree);
/// What shouldn't be overlooked, if there is anything.
std::string notes(const Tree& tree);
/// The six numbers that matter most.
std::string facts(const Tree& tree);

// Each has a heading with that id; empty if there is nothing to tell.
std::string files_section(const Tree& tree, std::string_view id);
std::string hand_backs_section(const Tree& tree, std::string_view id);
std::string processes_section(const Tree& tree, std::string_view id,
                              std::string_view of_which = {});
std::string measures_section(const Tree& a, const Tree& b);
std::string pairs_section(const Tree& a, const Tree& b);

}  // namespace seqshim
