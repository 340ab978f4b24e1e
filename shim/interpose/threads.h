// What libc knows of the program's threads, and doesn't tell or didn't always.
#pragma once

#include <features.h>
#include <pthread.h>

namespace seqshim {

/// At start-up: finds libc's count, or sets __libc_single_threaded where it is ours to set.
void count_threads();

#if __GLIBC_PREREQ(2, 34)

inline void thread_begins() {}
inline void test_cancellation() { pthread_testcancel(); }

#else

/// Before each thread that is created.
void thread_begins();
/// pthread_testcancel, once the program has threads.
void test_cancellation();

#endif

}  // namespace seqshim
