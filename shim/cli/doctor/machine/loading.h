// Whether a library can be loaded, and whether it is.
#pragma once

#include <optional>
#include <string>

namespace seqshim {

/// What the dynamic linker says when a process loads it, a child of ours that then ends; empty: it
/// does. Nothing: there can be no child. Settings of the shim's don't count there.
std::optional<std::string> error_of_loading(const std::string& library);

/// Whether an object of that file name is loaded into this process.
bool is_loaded_here(const std::string& file_name);

}  // namespace seqshim
