// What libc knows of the program's threads and older ones don't tell.
#pragma once

#include <features.h>
#include <pthread.h>

namespace seqshim {

#if __GLIBC_PREREQ(2, 34)

inline void count_threads() {}
inline void thread_begins() {}
inline void test_cancellation() { pthread_testcancel(); }

#else

/// At start-up: sets __libc_single_threaded, where it is ours to set.
void count_threads();
/// Before each thread that is created.
void thread_begins();
/// pthread_testcancel, once the program has threads.
void test_cancellation();

#endif

}  // namespace seqshim
