#include "shim/interpose/threads.h"

#include <dlfcn.h>

#include "shim/interpose/beside_libc.h"
#include "shim/system/alone.h"

namespace seqshim {

#if __GLIBC_PREREQ(2, 34)

void count_threads() {
  threads.count = static_cast<const unsigned*>(dlsym(RTLD_NEXT, "__nptl_nthreads"));
}

#else

namespace {

constinit bool thread_has_begun = false;
constinit decltype(&pthread_testcancel) libc_test_cancellation = nullptr;

}  // namespace

void count_threads() {
#if !__GLIBC_PREREQ(2, 32)
  // Libraries that were loaded after this one started before it.
  if (!thread_has_begun && is_only_task()) __libc_single_threaded = 1;
#endif
  if (!__libc_single_threaded) thread_begins();
}

void thread_begins() {
  thread_has_begun = true;
#if !__GLIBC_PREREQ(2, 32)
  __libc_single_threaded = 0;
#endif
  if (libc_test_cancellation == nullptr)
    libc_test_cancellation =
        reinterpret_cast<decltype(libc_test_cancellation)>(find_beside_libc("pthread_testcancel"));
}

void test_cancellation() {
  if (libc_test_cancellation != nullptr) libc_test_cancellation();
}

#endif

}  // namespace seqshim
