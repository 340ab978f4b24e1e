// Becoming another user: those of ours that still are the old one could not be ended any more, or
// would write with rights that the program has given up.
#include "shim/interpose/entry.h"

using namespace seqshim;

SEQSHIM_EXPORT int setuid(uid_t id) noexcept {
  dismiss_helpers();
  return libc().setuid(id);
}

SEQSHIM_EXPORT int seteuid(uid_t effective) noexcept {
  dismiss_helpers();
  return libc().seteuid(effective);
}

SEQSHIM_EXPORT int setreuid(uid_t real, uid_t effective) noexcept {
  dismiss_helpers();
  return libc().setreuid(real, effective);
}

SEQSHIM_EXPORT int setresuid(uid_t real, uid_t effective, uid_t saved) noexcept {
  dismiss_helpers();
  return libc().setresuid(real, effective, saved);
}
