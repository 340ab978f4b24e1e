#include "shim/interpose/libc.h"

#include <dlfcn.h>

namespace seqshim {

constinit Libc libc_table;

namespace {

bool in_same_library(const void* a, const void* b) {
  Dl_info of_a, of_b;
  return dladdr(a, &of_a) != 0 && dladdr(b, &of_b) != 0 && of_a.dli_fbase == of_b.dli_fbase;
}

/// What a program that was linked with this libc calls by that name: the next preloaded library's,
/// or libc's. Only the latter has `version`, if any; without asking for it another may be found.
void* find_next(const char* name, const char* version) {
  void* const next = dlsym(RTLD_NEXT, name);
  if (version == nullptr) return next;
  void* const exact = dlvsym(RTLD_NEXT, name, version);
  const bool other = exact != nullptr && exact != next;
  return other && in_same_library(exact, next) ? exact : next;
}

}  // namespace

void resolve_libc() {
// Not a template: clang gives its instances for functions that differ only in whether they return
// the same name.
#define PRESENT(name, version)                                       \
  if (void* const next = find_next(#name, version); next != nullptr) \
    libc_table.name = reinterpret_cast<decltype(libc_table.name)>(next);
#include "present.def"
#undef PRESENT
}

}  // namespace seqshim
