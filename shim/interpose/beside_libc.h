// Functions that are libc's since glibc 2.34. Before, they are in libpthread, librt or libutil,
// which most programs do without and some load late: they are looked for when first called.
#pragma once

#include <errno.h>
#include <features.h>

#include <algorithm>
#include <cstddef>

namespace seqshim {

/// Null: no library that has it is loaded.
void* find_beside_libc(const char* name);

template <size_t size>
struct Name {
  consteval Name(const char (&from)[size]) { std::copy_n(from, size, text); }
  char text[size] = {};
};

template <Name name, class Result, class... Args>
Result find_and_call(Args... args) {
  static constinit void* found = nullptr;
  if (found == nullptr) found = find_beside_libc(name.text);
  if (found == nullptr) {
    errno = ENOSYS;
    return (Result)-1;
  }
  return reinterpret_cast<Result (*)(Args...)>(found)(args...);
}

/// What stands for the function in the table until it is looked up at start-up, if it is.
template <Name name, class Result, class... Args>
consteval Result (*beside_libc(Result (*)(Args...)))(Args...) {
#if __GLIBC_PREREQ(2, 34)
  return nullptr;
#else
  return &find_and_call<name, Result, Args...>;
#endif
}

}  // namespace seqshim
