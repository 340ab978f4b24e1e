// The command under another name: `ln -s seqshim tar`, early in PATH.
#pragma once

#include <string>
#include <string_view>

#include "shim/cli/words.h"

namespace seqshim {

/// Whether `invoked`, the name by which this command was called, is that of another program: its
/// last part doesn't begin with "seqshim".
bool is_another_program(std::string_view invoked);

/// Runs the next program of that name along PATH with `arguments`, which are all its own, as
/// SEQSHIM_* and the file that SEQSHIM_CONFIG names ask for. Whoever called it by that name wants
/// the program above all: where seqshim can't do its part, one line on standard error says so, and
/// the program runs without it; where nothing asks for it, likewise, without a line. Returns the
/// exit code.
int run_called_as(const std::string& invoked, const Words& arguments);

}  // namespace seqshim
