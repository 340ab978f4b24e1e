// Sizes as people write them: 4096, 64K, 1MiB.
#pragma once

#include <cstdint>
#include <string_view>

namespace seqshim {

/// Digits, then nothing or one of K M G k m g KiB MiB GiB (all powers of 1024). False, and `bytes`
/// untouched, for anything else and for what doesn't fit 64 bits.
bool parse_size(std::string_view text, uint64_t& bytes);

}  // namespace seqshim
