#include "shim/interpose/beside_libc.h"

#include <dlfcn.h>

namespace seqshim {

void* find_beside_libc(const char* name) {
  // The next preloaded library may have one, too.
  if (void* const found = dlsym(RTLD_NEXT, name)) return found;
  for (const char* const library : {"libpthread.so.0", "librt.so.1", "libutil.so.1"}) {
    // Kept open: whoever loaded it may unload it.
    void* const handle = dlopen(library, RTLD_LAZY | RTLD_NOLOAD);
    if (handle == nullptr) continue;
    if (void* const found = dlsym(handle, name)) return found;
    dlclose(handle);
  }
  return nullptr;
}

}  // namespace seqshim
