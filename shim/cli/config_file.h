// Options from a file.
#pragma once

#include <string>

namespace seqshim {

class CommandLine;

/// Reads the file at `path`, in CLI11's TOML or INI, as `options`, which are made for nothing else:
/// each key is the long name of one, and is set once. False after one line on standard error, which
/// names the file.
bool read_config_file(CommandLine& options, const std::string& path);

}  // namespace seqshim
