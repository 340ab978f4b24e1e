// The files that this process has mapped, as the kernel knows them.
#pragma once

#include "shim/system/file_id.h"

namespace seqshim {

/// Registry locked. Whether it has mapped `file`, whose name is `name`; so it is too if the kernel
/// won't say. Takes some microseconds for every ten mappings.
bool is_mapped(const FileId& file, const char* name);

}  // namespace seqshim
