// What a process has used: none of it is told that was used for ours.
#include "shim/interpose/entry.h"

using namespace seqshim;

SEQSHIM_EXPORT int getrusage(__rusage_who_t who, rusage* usage) noexcept {
  const int result = thin().getrusage(who, usage);
  if (result == 0 && who == RUSAGE_CHILDREN) leave_out_ours(*usage);
  return result;
}
