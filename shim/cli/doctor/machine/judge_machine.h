// What the facts of a machine mean for programs with the shim.
#pragma once

#include "shim/cli/doctor/finding.h"
#include "shim/cli/doctor/machine/machine_facts.h"

namespace seqshim {

/// Those that are about the disk, too: limits on files and memory.
Findings judge_limits(const MachineFacts& facts);
/// The kernel, libc and the library.
Findings judge_machine(const MachineFacts& facts);

/// "1 MiB", "1.5 GiB", "17 bytes".
std::string size_in_words(uint64_t bytes);
/// "Invalid argument"; of 0 empty.
std::string error_text(int error);

}  // namespace seqshim
