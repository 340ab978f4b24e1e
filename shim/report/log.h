// SEQSHIM_LOG: one line for each rare event.
#pragma once

#include <string_view>

namespace seqshim {

/// Appends "2026-11-22T19:13:11.042Z PID event file detail" to the log by one write; empty parts
/// are left out, control bytes become '?'. PID is `process`, or this one's if that is 0. Nothing
/// happens if `path_of_log` is null. The file is opened for each event, so this is for rare ones.
/// Raw system calls and no libc: the guard calls it.
void log_event(const char* path_of_log, std::string_view event, std::string_view file,
               std::string_view detail, int process = 0);

}  // namespace seqshim
