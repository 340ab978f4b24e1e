// What the headers of an ELF executable tell about reaching into it.
#pragma once

#include <optional>
#include <string>

#include "shim/cli/target/input.h"

namespace seqshim {

/// Whether the file begins as ELF files do.
bool is_elf(const Input& file);

/// Why this machine's dynamic linker won't load libseqshim.so into it, as "it is ..."; empty if the
/// class and the machine are ours.
std::string foreign_kind(const Input& file);

/// The dynamic linker that an executable asks for (PT_INTERP); empty if it asks for none, nothing
/// if the headers can't be read. Only for a file of our kind.
std::optional<std::string> dynamic_linker(const Input& file);

/// Whether Go's linker made it: by its note or its section. Only for a file of our kind.
bool is_go_program(const Input& file);

}  // namespace seqshim
