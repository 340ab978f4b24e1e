// What a function that a program imports may do to files, or to our seeing what it does.
#pragma once

#include <cstdint>
#include <string_view>

namespace seqshim {

enum class Way : uint8_t {
  kNone,
  kCall,     // writes by a system call: write, pwritev
  kStream,   // writes by stdio, or by what is built on it
  kCopy,     // has the kernel write from one descriptor to another
  kSplice,   // the same, of pages that a pipe has: they go through the page cache
  kAsync,    // writes later: POSIX AIO, the kernel's
  kRing,     // io_uring, of which nothing is seen
  kMapping,  // writes through memory
  kRaw,      // any system call at all
  kLock,     // coordinates with other processes
  kThread,   // starts threads
  kProgram,  // starts other programs
  kPlugin,   // loads code at run time
  kSandbox,  // restricts its own system calls
};

Way way_of(std::string_view function);

/// Whether libseqshim.so has a function of that name in libc's place.
bool is_interposed(std::string_view function);

}  // namespace seqshim
