// Where the object that this is linked into lies in memory.
#pragma once

#include <cstddef>
#include <cstdint>

// The linker's.
extern "C" [[gnu::visibility("hidden")]] const char __ehdr_start[];
extern "C" [[gnu::visibility("hidden")]] char _end[];

namespace seqshim {

struct AddressRange {
  uintptr_t start, end;

  size_t bytes() const { return end - start; }
  bool holds(uintptr_t address) const { return start <= address && address < end; }
  bool meets(const AddressRange& other) const { return start < other.end && other.start < end; }
};

/// In whole pages: text that is mapped from its file, and a few pages of data.
inline AddressRange own_object() {
  constexpr uintptr_t kPage = 4096;
  return {reinterpret_cast<uintptr_t>(__ehdr_start) & -kPage,
          (reinterpret_cast<uintptr_t>(_end) + kPage - 1) & -kPage};
}

}  // namespace seqshim
