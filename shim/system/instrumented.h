// Whether this is built with a sanitizer that keeps memory of its own beside the program's.
#pragma once

namespace seqshim {

constexpr bool kInstrumented =
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    true;
#else
    false;
#endif

}  // namespace seqshim
