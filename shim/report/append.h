// How the report and the log reach their file: by one append that can't hurt the program.
#pragma once

#include <string_view>

namespace seqshim {

/// Appends `text` to the file at `path` by one write. It is created with mode 0600 if it isn't
/// there; a symbolic link is not followed. Failures are silent: nobody is there to be told.
void append_to_file(const char* path, std::string_view text);

/// Writes `text` to `fd`. A closed pipe or a file size limit raises no signal.
void write_quietly(long fd, std::string_view text);

}  // namespace seqshim
