// Options from a file.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace seqshim {

/// Reads the file at `path`, in CLI11's TOML or INI, as options of `app`, which is made for nothing
/// else: each key is the long name of one, and is set once. False after one line on standard error,
/// which names the file.
bool read_config_file(CLI::App& app, const std::string& path);

}  // namespace seqshim
