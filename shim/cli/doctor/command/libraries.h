// A program and the libraries that it is linked with, found as the dynamic linker finds them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "shim/cli/doctor/command/elf_object.h"

namespace seqshim {

struct LinkedLibrary {
  std::string name;  // "libc.so.6"
  ElfObject object;  // without a path: it wasn't found
};

struct SearchPlaces {
  std::string environment;                   // LD_LIBRARY_PATH
  std::map<std::string, std::string> cache;  // of the dynamic linker
};

/// As they are here.
SearchPlaces search_places();

/// All that the program needs and that those need, each once, in the order in which they are met.
std::vector<LinkedLibrary> libraries_of(const ElfObject& program, const SearchPlaces& places);

}  // namespace seqshim
