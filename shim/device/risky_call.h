// System calls that a sandbox may end the process for.
#pragma once

#include <errno.h>

#include "shim/system/syscalls.h"

namespace seqshim {

/// Of those that we make, the ones that services have no right to which are confined to the usual
/// ones (systemd's @system-service). The others are in any such set.
enum class Risky : unsigned { kCachestat, kMincore, kQuotactlFd, kQuotactl };

/// Whether the process outlives the call, whatever it returns. Under a seccomp filter the first
/// question of a process has a child of it try them all. Thread-safe.
bool outlives(Risky which);

/// Of `which`, by number; some are newer than the headers.
constexpr long number_of(Risky which) {
  constexpr long kNumbers[] = {451, __NR_mincore, 443, __NR_quotactl};
  return kNumbers[static_cast<unsigned>(which)];
}

/// -EPERM, and nothing happens, where the process wouldn't outlive it.
template <class... Args>
long risky_call(Risky which, Args... args) {
  return outlives(which) ? sys::call_with(number_of(which), args...) : -EPERM;
}

}  // namespace seqshim
