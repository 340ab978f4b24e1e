#include "shim/interpose/libc.h"

#include <dlfcn.h>

namespace seqshim {

constinit Libc libc_table;

namespace {

template <class Function>
void look_up(Function& function, const char* name) {
  if (void* const found = dlsym(RTLD_NEXT, name)) function = reinterpret_cast<Function>(found);
}

}  // namespace

void resolve_libc() {
#define THIN(name, number) look_up(libc_table.name, #name);
#define FULL(name) look_up(libc_table.name, #name);
#define APART(name) look_up(libc_table.name, #name);
#define TWIN(name, of)
#include "present.def"
#undef THIN
#undef FULL
#undef APART
#undef TWIN
}

}  // namespace seqshim
