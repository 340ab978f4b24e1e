// A file that a subcommand makes: whole, or not at all.
#pragma once

#include <string>
#include <string_view>

namespace seqshim {

/// Replaces the file at `path` once all of `text` is on the disk. A symbolic link stays one; what
/// is no regular file (a device, a pipe) is written to as it is. False, after one line on standard
/// error: the file is as it was.
bool replace_file(const std::string& path, std::string_view text);

}  // namespace seqshim
