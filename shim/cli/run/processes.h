// What /proc tells of processes.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace seqshim {

/// The children of this process, which has one thread. Empty without /proc.
std::vector<pid_t> children();

/// The kernel's name for it, at most 15 bytes; empty if there is no such process.
std::string name_of(pid_t process);

/// The letter of its state, T if it is stopped; 0 without /proc or without such a process.
char state_of(pid_t process);

/// Whether the process that had this number when `later`, which still exists, was started has ended
/// with all its threads.
bool ended_since(pid_t process, pid_t later);

}  // namespace seqshim
