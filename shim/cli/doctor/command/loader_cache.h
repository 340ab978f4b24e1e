// /etc/ld.so.cache: where the dynamic linker finds libraries.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace seqshim {

/// Library names and paths, of this machine's libraries. Empty if `bytes` isn't such a cache (that
/// of glibc 2.2 or later).
std::map<std::string, std::string> read_loader_cache(std::string_view bytes);

}  // namespace seqshim
