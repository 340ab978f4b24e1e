#include "shim/interpose/threads.h"

#if !__GLIBC_PREREQ(2, 34)

#include <fcntl.h>
#include <sys/stat.h>

#include "shim/interpose/beside_libc.h"
#include "shim/system/single_threaded.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

constinit bool thread_has_begun = false;
constinit decltype(&pthread_testcancel) libc_test_cancellation = nullptr;

/// A link for each thread, besides the two that every directory has. Without /proc: false.
[[maybe_unused]] bool one_task() {
  struct stat facts;
  return sys::call_with(__NR_newfstatat, AT_FDCWD, "/proc/self/task", &facts, 0) == 0 &&
         facts.st_nlink == 3;
}

}  // namespace

void count_threads() {
#if !__GLIBC_PREREQ(2, 32)
  // Libraries that were loaded after this one started before it.
  if (!thread_has_begun && one_task()) __libc_single_threaded = 1;
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

}  // namespace seqshim

#endif
