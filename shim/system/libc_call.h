// System calls in the form that libc gives them.
#pragma once

#include <errno.h>

#include "shim/system/syscalls.h"

namespace seqshim {

template <long number, class Result, class... Args>
Result make_system_call(Args... args) {
  const long result = sys::call_with(number, args...);
  if (result < 0 && result > -4096) {
    errno = static_cast<int>(-result);
    return (Result)-1;
  }
  return (Result)result;
}

/// A function of the same shape as libc's, that makes system call `number`.
template <long number, class Result, class... Args>
consteval auto system_call(Result (*)(Args...)) {
  return &make_system_call<number, Result, Args...>;
}

}  // namespace seqshim
