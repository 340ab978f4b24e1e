// __libc_single_threaded: libc's own, or, before glibc 2.32, ours under the same name.
#pragma once

#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#else
extern "C" {
/// Zero, which is right in every program, until the threads have been counted at start-up, and
/// again from the first that is created on.
[[gnu::visibility("hidden")]] inline constinit char __libc_single_threaded = 0;
}
#endif
