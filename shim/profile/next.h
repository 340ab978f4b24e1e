// libc's own functions, or those of the next preloaded library: what every exported name calls in
// the end. Until they are looked up, at start-up, system calls stand for them.
#pragma once

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

#include "shim/system/libc_call.h"

// Names that libc exports for fortified and older programs, and declares for no one else.
extern "C" {
decltype(::write) __write;
decltype(::pwrite64) __pwrite64;
decltype(::close) __close;
decltype(::dup2) __dup2;
decltype(::fcntl) __fcntl;
int __vdprintf_chk(int fd, int flag, const char* format, va_list arguments);
int __dprintf_chk(int fd, int flag, const char* format, ...);
}

namespace seqshim::profiling {

struct Next {
#define SEQSHIM_THIN(name, number) \
  decltype(system_call<number>(&::name)) name = system_call<number>(&::name)
  SEQSHIM_THIN(write, __NR_write);
  SEQSHIM_THIN(pwrite, __NR_pwrite64);
  SEQSHIM_THIN(writev, __NR_writev);
  SEQSHIM_THIN(copy_file_range, __NR_copy_file_range);
  SEQSHIM_THIN(sendfile, __NR_sendfile);
  SEQSHIM_THIN(splice, __NR_splice);
  SEQSHIM_THIN(fsync, __NR_fsync);
  SEQSHIM_THIN(fdatasync, __NR_fdatasync);
  SEQSHIM_THIN(close, __NR_close);
  SEQSHIM_THIN(dup3, __NR_dup3);
  SEQSHIM_THIN(flock, __NR_flock);
#undef SEQSHIM_THIN
  // With code of their own in libc: null before.
  decltype(&::pwritev) pwritev = nullptr;
  decltype(&::pwritev2) pwritev2 = nullptr;
  decltype(&::dup2) dup2 = nullptr;
  decltype(&::fcntl) fcntl = nullptr;
  decltype(&::lockf) lockf = nullptr;
  decltype(&::prctl) prctl = nullptr;
  decltype(&::syscall) syscall = nullptr;
  decltype(&::vdprintf) vdprintf = nullptr;
  decltype(&::__vdprintf_chk) vdprintf_checked = nullptr;
};

extern constinit Next next_table;

/// Looks up all of it, once.
void look_up_next();

/// What is thin may be called at any time, also while an allocator is asked for memory by the
/// look-up itself.
inline const Next& thin() { return next_table; }
/// Of what isn't, another library's constructor may be the first to call it.
inline const Next& next() {
  if (next_table.syscall == nullptr) [[unlikely]]
    look_up_next();
  return next_table;
}

}  // namespace seqshim::profiling
