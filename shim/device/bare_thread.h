// A thread that libc does not know of.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace seqshim {

/// Starts `entry` (which ends by exit_bare_thread) on `stack`, sharing memory and descriptors with
/// the process. The caller has blocked all signals, and the thread inherits that. It has a
/// thread-local block of its own that is empty: it must not use errno or any libc function that
/// does. `occupied` is non-zero from before the call until the kernel has let go of the stack.
/// Returns 0 or -errno.
long start_bare_thread(void (*entry)(), std::byte* stack, size_t stack_bytes,
                       std::atomic<uint32_t>& occupied);

[[noreturn]] void exit_bare_thread();

}  // namespace seqshim
