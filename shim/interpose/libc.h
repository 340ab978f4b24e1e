// libc's own functions, or those of the next preloaded library: what every exported name calls in
// the end. The signatures come from libc's declarations, so a wrong one can't compile.
#pragma once

#include <aio.h>
#include <asm/unistd.h>
#include <dirent.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <threads.h>
#include <unistd.h>
#include <utime.h>
#include <utmp.h>

#include "shim/interpose/beside_libc.h"
#include "shim/system/libc_call.h"

// Programs call what their headers call outdated.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

// Names that libc exports for fortified and older programs, and declares for no one else.
extern "C" {
decltype(::write) __write;
decltype(::read) __read;
decltype(::pwrite64) __pwrite64;
decltype(::pread64) __pread64;
decltype(::open) __open;
decltype(::open64) __open64;
decltype(::lseek) __lseek;
decltype(::close) __close;
decltype(::dup2) __dup2;
decltype(::fcntl) __fcntl;
decltype(::pipe) __pipe;
decltype(::fork) __fork;
int __clone(int (*entry)(void*), void* stack, int flags, void* argument, ...) noexcept;
decltype(::fopen) _IO_fopen;
decltype(::fdopen) _IO_fdopen;
decltype(::fclose) _IO_fclose;
decltype(::popen) _IO_popen;
decltype(::backtrace_symbols_fd) __backtrace_symbols_fd;
decltype(::sigaction) __sigaction;
decltype(::signal) bsd_signal;
decltype(::signal) __sysv_signal;
ssize_t __read_chk(int fd, void* target, size_t bytes, size_t room);
ssize_t __pread_chk(int fd, void* target, size_t bytes, off_t offset, size_t room);
ssize_t __pread64_chk(int fd, void* target, size_t bytes, off_t offset, size_t room);
int __open_2(const char* path, int flags);
int __openat_2(int directory, const char* path, int flags);
int __open64_2(const char* path, int flags);
int __openat64_2(int directory, const char* path, int flags);
int __vsnprintf_chk(char* text, size_t room, int flag, size_t known, const char* format, va_list);
int __vdprintf_chk(int fd, int flag, const char* format, va_list arguments);
int __dprintf_chk(int fd, int flag, const char* format, ...);
#if __GLIBC_PREREQ(2, 33)  // older ones declare these
int __fxstat(int version, int fd, struct stat* facts);
int __xstat(int version, const char* path, struct stat* facts);
int __lxstat(int version, const char* path, struct stat* facts);
int __fxstatat(int version, int directory, const char* path, struct stat* facts, int flags);
int __fxstat64(int version, int fd, struct stat* facts);
int __xstat64(int version, const char* path, struct stat* facts);
int __lxstat64(int version, const char* path, struct stat* facts);
int __fxstatat64(int version, int directory, const char* path, struct stat* facts, int flags);
#endif
#if !__GLIBC_PREREQ(2, 34)  // which declares these
int close_range(unsigned from, unsigned to, int flags) noexcept;
void closefrom(int from) noexcept;
int execveat(int directory, const char* path, char* const arguments[], char* const environment[],
             int flags) noexcept;
pid_t _Fork() noexcept;
#endif
}

namespace seqshim {

struct Libc {
#define THIN(name, number) \
  decltype(system_call<number>(&::name)) name = system_call<number>(&::name);
#define FULL(name) decltype(&::name) name = nullptr;
#define OUTSIDE(name)
#define APART(name) decltype(beside_libc<#name>(&::name)) name = beside_libc<#name>(&::name);
#define TWIN(name, of)
#include "shim/interpose/catalogue.def"
#undef THIN
#undef FULL
#undef APART
#undef OUTSIDE
#undef TWIN
};

extern constinit Libc libc_table;
/// Looks up all of it, once. A function that this libc lacks stays null: nobody can call it.
void resolve_libc();

/// Valid at any time for THIN functions: also before start-up, and while libc is being looked up.
inline const Libc& thin() { return libc_table; }
/// False before start-up and while libc is being looked up, which allocates in older libcs: what an
/// allocator may call of ours goes to the kernel then.
inline bool libc_is_known() { return libc_table.open != nullptr; }
/// Valid at any time but while libc is being looked up.
inline const Libc& libc() {
  if (!libc_is_known()) [[unlikely]]
    resolve_libc();
  return libc_table;
}

}  // namespace seqshim
