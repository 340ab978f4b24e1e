#include "shim/cli/doctor/machine/judge_machine.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "shim/device/private_fds.h"

namespace seqshim {
namespace {

Finding judge_size_limit(const MachineFacts& facts) {
  if (facts.size_limit == UINT64_MAX) return ok("ulimit -f", "no limit on the size of files");
  Finding finding = problem(
      "ulimit -f", fmt::format("files may have {}", size_in_words(facts.size_limit)),
      "any write might end the program then, so all are left to the kernel", "ulimit -f unlimited");
  finding.blocker = left_alone("there is a limit on the size of files (ulimit -f)");
  return finding;
}

Finding judge_descriptors(const MachineFacts& facts) {
  constexpr uint64_t kNumbers = 64;  // enough for a few files
  const std::string fact = fmt::format("{} descriptors", facts.descriptor_limit);
  if (facts.descriptor_limit >= kLeastPrivate + kNumbers) return ok("ulimit -n", fact);
  const std::string meaning = fmt::format(
      "the shim numbers its own from {} on, one for each file and some more", kLeastPrivate);
  if (facts.descriptor_limit > kLeastPrivate)
    return note("ulimit -n", fact, meaning, "ulimit -n 1024");
  Finding finding = problem("ulimit -n", fact, meaning, "ulimit -n 1024");
  finding.blocker = left_alone(
      fmt::format("there are no descriptor numbers from {} on (ulimit -n)", kLeastPrivate));
  return finding;
}

Finding judge_memory(const MachineFacts& facts) {
  if (facts.memory_error != 0) {
    Finding finding = problem("memory", fmt::format("{} can't be had", size_in_words(facts.memory)),
                              "there is nothing to gather writes in",
                              "a smaller SEQSHIM_MEMORY, or a larger limit on memory (ulimit -v)");
    finding.blocker = left_alone("there is no memory to gather writes in");
    return finding;
  }
  const std::string fact = fmt::format("{} at most", size_in_words(facts.memory));
  if (facts.memfd_error == 0) return ok("memory", fact + ", in a memory file (memfd_create)");
  return note("memory", fmt::format("no memory file: {}", error_text(facts.memfd_error)),
              "clusters lie in memory that no guard can reach",
              "allow memfd_create in the sandbox or container");
}

Finding judge_huge_pages(const MachineFacts& facts) {
  if (facts.collapse_error == 0)
    return ok("huge pages", "to be had (MADV_COLLAPSE)", "the disk gets fewer, larger requests");
  return note(
      "huge pages", "none: " + error_text(facts.collapse_error),
      "the same work in small pages: slower on a fast disk, up to 1.6 times",
      facts.collapse_error == EINVAL ? "Linux 6.1 or later, with transparent huge pages" : "");
}

Finding judge_guard(const MachineFacts& facts) {
  constexpr const char* kMeaning =
      "a program that is killed loses what it has in memory; what is cached goes direct all the "
      "same";
  if (!facts.guard_wanted) return note("guard", "SEQSHIM_GUARD=off", kMeaning);
  if (facts.guard_started)
    return ok("guard", "one was started, and ended again",
              "what a killed program wrote gets there");
  if (!facts.guard_tried && facts.memfd_error == 0 && facts.memory_error == 0)
    return note("guard", "not tried in this build");
  std::string advice = fmt::format(
      "look at ulimit -u ({}) and the pids limit of the cgroup",
      facts.process_limit == UINT64_MAX ? "unlimited" : std::to_string(facts.process_limit));
  if (facts.pidfd_error != 0)
    advice = "Linux 5.3 or later, and a sandbox that allows pidfd_open";
  else if (facts.first_process)
    advice =
        "orphans come to process 1, which this is: run the program below an init, or below "
        "seqshim run";
  else if (facts.seccomp != 0)
    advice += ", and at what the seccomp filter allows (clone, pidfd_open, kcmp)";
  return note("guard", "none could be started", kMeaning, advice);
}

Finding judge_pidfd(const MachineFacts& facts) {
  if (facts.pidfd_error == 0) return ok("pidfd", "to be had", "the guard sees when a program ends");
  return note("pidfd", "none: " + error_text(facts.pidfd_error), "there can be no guard");
}

Finding judge_ring(const MachineFacts& facts) {
  return ok("io_uring",
            facts.ring_error == 0 ? "to be had" : "not to be had: " + error_text(facts.ring_error),
            "not used, since a thread was faster");
}

/// What a kernel lacks that the shim uses, and what it does instead.
std::string lacking(int major, int minor) {
  struct Lack {
    int major, minor;
    const char* text;
  };
  constexpr std::array kLacks = {
      Lack{6, 14, "no RWF_DONTCACHE (6.14): below direct comes drop-behind"},
      Lack{6, 5, "no cachestat (6.5): mincore is asked"},
      Lack{6, 1, "no MADV_COLLAPSE and STATX_DIOALIGN (6.1): small pages, pieces aligned to 4096"},
      Lack{5, 14, "no quotactl_fd (5.14): quotas are asked by device"},
      Lack{5, 3, "no pidfd_open (5.3): no guard"},
  };
  std::string text;
  for (const Lack& lack : kLacks) {
    if (std::pair(major, minor) >= std::pair(lack.major, lack.minor)) continue;
    text += (text.empty() ? "" : "; ") + std::string(lack.text);
  }
  return text;
}

Finding judge_kernel(const MachineFacts& facts) {
  const std::string fact = "Linux " + facts.kernel;
  if (facts.wipe_error != 0) {
    Finding finding = problem("kernel", fact, "it lacks MADV_WIPEONFORK", "Linux 4.14 or later");
    finding.blocker = left_alone("the kernel lacks MADV_WIPEONFORK");
    return finding;
  }
  const std::string lacks = lacking(facts.kernel_major, facts.kernel_minor);
  return lacks.empty() ? ok("kernel", fact, "it has all that the shim uses")
                       : note("kernel", fact, lacks);
}

Finding judge_seccomp(const MachineFacts& facts) {
  if (facts.seccomp == 0) return ok("seccomp", "no filter");
  return note("seccomp", "a filter is in force", "system calls that it forbids fail above");
}

Finding judge_stdio(const MachineFacts& facts) {
  if (facts.shim_loaded)
    return note("stdio", "not looked at", "libseqshim.so is loaded into this command itself",
                "run it without LD_PRELOAD");
  const std::string libc = "glibc " + facts.libc;
  if (facts.slots_found)
    return ok("stdio", libc + ", its stdio slots found and tried", "what fwrite writes is seen");
  return problem("stdio", libc + ", but its stdio slots aren't found",
                 "a file that fwrite writes is left to the kernel; write() isn't concerned");
}

Finding judge_library(const MachineFacts& facts) {
  if (!facts.library_tried && facts.library_problem.empty())
    return note("library", facts.library, "no process could be started to try to load it");
  if (facts.library_problem.empty()) return ok("library", facts.library, "it can be loaded");
  Finding finding = problem("library", facts.library_problem);
  finding.blocker = left_alone("libseqshim.so can't be loaded");
  return finding;
}

Finding judge_preload(const MachineFacts& facts) {
  if (facts.preload.empty()) return ok("LD_PRELOAD", "not set");
  if (facts.preload.find("libseqshim.so") != facts.preload.npos)
    return note("LD_PRELOAD", facts.preload,
                "libseqshim.so is in all that starts here, but does nothing without SEQSHIM_MATCH "
                "or SEQSHIM_READ");
  return note("LD_PRELOAD", facts.preload, "the command puts libseqshim.so before it");
}

}  // namespace

Findings judge_limits(const MachineFacts& facts) {
  return {judge_size_limit(facts), judge_descriptors(facts), judge_memory(facts),
          judge_huge_pages(facts)};
}

Findings judge_machine(const MachineFacts& facts) {
  return {judge_guard(facts),  judge_pidfd(facts), judge_ring(facts),    judge_seccomp(facts),
          judge_kernel(facts), judge_stdio(facts), judge_library(facts), judge_preload(facts)};
}

std::string size_in_words(uint64_t bytes) {
  constexpr std::array kUnits = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  size_t unit = 0;
  auto size = static_cast<double>(bytes);
  while (size >= 1024 && unit + 1 < kUnits.size()) {
    size /= 1024;
    ++unit;
  }
  // Of one that isn't whole, one digit; none of a large one.
  const bool whole = size >= 100 || size == static_cast<double>(static_cast<uint64_t>(size));
  return whole ? fmt::format("{:.0f} {}", size, kUnits[unit])
               : fmt::format("{:.1f} {}", size, kUnits[unit]);
}

std::string error_text(int error) { return error == 0 ? "" : std::strerror(error); }

}  // namespace seqshim
