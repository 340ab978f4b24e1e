// What a dynamically linked program or library asks others for.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace seqshim {

struct ElfObject {
  std::string path;
  std::vector<std::string> needed;     // DT_NEEDED: names of libraries
  std::string rpath, runpath;          // colon-separated directories, as they stand there
  std::vector<std::string> imports;    // functions it has from others, without versions, sorted
  std::vector<std::string> functions;  // of its own, as far as it isn't stripped, sorted
};

/// Nothing: it isn't one, or can't be read. Nothing of it is executed.
std::optional<ElfObject> read_elf_object(const std::string& path);

}  // namespace seqshim
