// What /proc tells of processes.
#pragma once

#include <sys/types.h>

#include <vector>

namespace seqshim {

/// The children of this process, which has one thread. Empty without /proc.
std::vector<pid_t> children();

/// Whether a process is called so (the kernel's name for it, at most 15 bytes).
bool is_called(pid_t process, const char* name);

/// The letter of its state, T if it is stopped; 0 without /proc or without such a process.
char state_of(pid_t process);

}  // namespace seqshim
