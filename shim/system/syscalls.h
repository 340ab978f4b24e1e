// Raw system calls: no errno, no cancellation point, no interposition, no thread-local storage, so
// that they serve before start-up, in the writer thread and inside critical sections alike.
// Each returns what the kernel returns: a value, or -errno.
#pragma once

#include <asm/unistd.h>
#include <limits.h>  // what a call can move at once

#include <cstdint>
#include <type_traits>

namespace seqshim::sys {

#if defined(__x86_64__)
inline long call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0,
                 long f = 0) {
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  register long r9 asm("r9") = f;
  long result;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
inline long call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0,
                 long f = 0) {
  register long x8 asm("x8") = number;
  register long x0 asm("x0") = a;
  register long x1 asm("x1") = b;
  register long x2 asm("x2") = c;
  register long x3 asm("x3") = d;
  register long x4 asm("x4") = e;
  register long x5 asm("x5") = f;
  asm volatile("svc 0"
               : "+r"(x0)
               : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
               : "memory");
  return x0;
}
#else
#error "seqshim knows the system call convention of x86-64 and aarch64 only"
#endif

template <class T>
long word(T value) {
  if constexpr (std::is_pointer_v<T>)
    return reinterpret_cast<long>(value);
  else
    return static_cast<long>(value);
}
inline long word(decltype(nullptr)) { return 0; }

template <class... Args>
long call_with(long number, Args... args) {
  return call(number, word(args)...);
}

}  // namespace seqshim::sys
