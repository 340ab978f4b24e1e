// Limits that are lowered: what was accepted under the old one is written under it.
#include "shim/interpose/entry.h"

using namespace seqshim;

// The declarations of the 64-bit twins name a type of their own, of the same layout.
#pragma GCC diagnostic ignored "-Wattribute-alias"

SEQSHIM_EXPORT int setrlimit(__rlimit_resource_t resource, const rlimit* limit) noexcept {
  if (resource == RLIMIT_FSIZE) hand_over_all();
  return libc().setrlimit(resource, limit);
}
SEQSHIM_TWIN(setrlimit64, setrlimit);

SEQSHIM_EXPORT int prlimit(pid_t process, __rlimit_resource resource, const rlimit* limit,
                           rlimit* previous) noexcept {
  if (resource == RLIMIT_FSIZE && limit != nullptr) hand_over_all();
  return libc().prlimit(process, resource, limit, previous);
}
SEQSHIM_TWIN(prlimit64, prlimit);
