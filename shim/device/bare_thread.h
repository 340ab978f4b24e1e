// A thread that libc does not know of.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace seqshim {

/// clone(2) with `flags`: in the child `entry`, which never returns, runs on the stack that ends at
/// `stack_top`. `clear_at_exit` with CLONE_CHILD_CLEARTID, `thread_pointer` with CLONE_SETTLS.
long clone_onto(unsigned long flags, void (*entry)(), std::byte* stack_top, void* thread_pointer,
                void* clear_at_exit);

/// Starts `entry` (which ends by exit_bare_thread) on `stack`, sharing memory and descriptors with
/// the process. The caller has blocked all signals, and the thread inherits that. It has a
/// thread-local block of its own that is empty: it must not use errno or any libc function that
/// does. `occupied` is non-zero from before the call until the kernel has let go of the stack.
/// Returns its thread id or -errno.
long start_bare_thread(void (*entry)(), std::byte* stack, size_t stack_bytes,
                       std::atomic<uint32_t>& occupied);

[[noreturn]] void exit_bare_thread();

/// Once `occupied` is clear: waits until the process is rid of the thread for every other purpose
/// too, such as unshare's.
void await_end_of_bare_thread(long id);

}  // namespace seqshim
