#include "shim/interpose/libc.h"

#include <dlfcn.h>

namespace seqshim {

constinit Libc libc_table;

namespace {

/// What a program that was linked with this libc calls by that name.
template <class Function>
void look_up(Function& function, const char* name, const char* version) {
  void* const found =
      version != nullptr ? dlvsym(RTLD_NEXT, name, version) : dlsym(RTLD_NEXT, name);
  if (found != nullptr) function = reinterpret_cast<Function>(found);
}

}  // namespace

void resolve_libc() {
#define PRESENT(name, version) look_up(libc_table.name, #name, version);
#include "present.def"
#undef PRESENT
}

}  // namespace seqshim
