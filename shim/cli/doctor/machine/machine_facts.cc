#include "shim/cli/doctor/machine/machine_facts.h"

#include <fcntl.h>
#include <gnu/libc-version.h>
#include <linux/io_uring.h>
#include <linux/memfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>

#include "shim/cache/cluster_pool.h"
#include "shim/cache/huge_pages.h"
#include "shim/cli/doctor/machine/loading.h"
#include "shim/cli/preload.h"
#include "shim/device/private_fds.h"
#include "shim/guard/guard.h"
#include "shim/interpose/stdio_slots.h"
#include "shim/system/instrumented.h"
#include "shim/system/map_pages.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

namespace seqshim {
namespace {

int error_of(long result) { return result < 0 ? static_cast<int>(-result) : 0; }

/// 0, or why a call doesn't give a descriptor.
int error_of_descriptor(long result) {
  if (result >= 0) sys::call_with(__NR_close, result);
  return error_of(result);
}

uint64_t limit_of(int resource) {
  struct rlimit64 limit {};
  // RLIM_INFINITY is all ones.
  return prlimit64(0, static_cast<__rlimit_resource>(resource), nullptr, &limit) == 0
             ? limit.rlim_cur
             : UINT64_MAX;
}

int seccomp_mode() {
  std::ifstream status("/proc/self/status");
  std::string word;
  int mode = 0;
  while (status >> word) {
    if (word == "Seccomp:") status >> mode;
  }
  return mode;
}

int try_wiping() {
  constexpr size_t kPage = 4096;
  void* const page = sys::map_pages(kPage);
  if (page == nullptr) return ENOMEM;
  const int error = error_of(sys::call_with(__NR_madvise, page, kPage, MADV_WIPEONFORK));
  sys::unmap_pages(page, kPage);
  return error;
}

int try_huge_pages() {
  const long fd = sys::call_with(__NR_memfd_create, "seqshim-doctor", MFD_CLOEXEC);
  if (fd < 0) return error_of(fd);
  constexpr size_t kBytes = HugePages::kBytes;
  int error = error_of(sys::call_with(__NR_ftruncate, fd, kBytes));
  std::byte* const page =
      error == 0 ? HugePages::map(kBytes, MAP_SHARED, static_cast<int>(fd)) : nullptr;
  if (page != nullptr) {
    *page = std::byte{1};  // there must be one page to begin with
    error = error_of(sys::call_with(__NR_madvise, page, kBytes, MADV_COLLAPSE));
    sys::unmap_pages(page, kBytes);
  } else if (error == 0) {
    error = ENOMEM;
  }
  sys::call_with(__NR_close, fd);
  return error;
}

int try_ring() {
  io_uring_params parameters{};
  return error_of_descriptor(sys::call_with(__NR_io_uring_setup, 1, &parameters));
}

/// One is started as with a program's first cluster, finds nothing to do, and is ended.
bool start_guard(const ClusterPool& pool, unsigned idle_ms) {
  const int number = duplicate_private(pool.memfd());
  struct stat facts {};
  if (number < 0 || fstat(number, &facts) != 0) return false;
  Guard guard;
  guard.ensure(pool.segment(), {number, id_of(facts)}, idle_ms, nullptr);
  const bool started = !guard.failed();
  guard.stop(pool.segment());
  close_private(number);
  return started;
}

void try_memory(const Config& config, MachineFacts& facts) {
  facts.memfd_error =
      error_of_descriptor(sys::call_with(__NR_memfd_create, "seqshim-doctor", MFD_CLOEXEC));
  ClusterPool pool;
  if (!pool.create(config.memory, config.cluster)) {
    facts.memory_error = ENOMEM;
    return;
  }
  facts.guard_tried = !kInstrumented && pool.memfd() >= 0 && config.guard;
  if (facts.guard_tried) facts.guard_started = start_guard(pool, config.idle_ms);
  pool.destroy();
}

void look_at_libraries(MachineFacts& facts) {
  const char* const preload = getenv("LD_PRELOAD");
  facts.preload = preload != nullptr ? preload : "";
  facts.shim_loaded = is_loaded_here("libseqshim.so");
  facts.slots_found = !facts.shim_loaded && hook_stdio_slots(libc_stream_calls);
  const PreloadLibrary library = find_preload_library("libseqshim.so");
  facts.library = library.path;
  facts.library_problem = library.problem;
  if (!library.problem.empty()) return;
  const std::optional<std::string> error = error_of_loading(library.path);
  facts.library_tried = error.has_value();
  facts.library_problem = error.value_or("");
}

}  // namespace

MachineFacts examine_machine(const Config& config) {
  MachineFacts facts;
  utsname names{};
  uname(&names);
  facts.kernel = names.release;
  std::sscanf(names.release, "%d.%d", &facts.kernel_major, &facts.kernel_minor);
  facts.libc = gnu_get_libc_version();
  look_at_libraries(facts);
  facts.wipe_error = try_wiping();
  facts.memory = config.memory;
  facts.guard_wanted = config.guard;
  try_memory(config, facts);
  facts.collapse_error = try_huge_pages();
  facts.pidfd_error = error_of_descriptor(sys::call_with(__NR_pidfd_open, getpid(), 0));
  facts.ring_error = try_ring();
  facts.first_process = getpid() == 1;
  facts.seccomp = seccomp_mode();
  facts.size_limit = limit_of(RLIMIT_FSIZE);
  facts.descriptor_limit = limit_of(RLIMIT_NOFILE);
  facts.process_limit = limit_of(RLIMIT_NPROC);
  return facts;
}

}  // namespace seqshim
