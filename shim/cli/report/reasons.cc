#include "shim/cli/report/reasons.h"

namespace seqshim {
namespace {

struct Reason {
  std::string_view name, explanation;
};

constexpr Reason kReasons[] = {
    {"stdio", "A FILE stream uses it in a way that can't be seen here."},
    {"mapped", "It is, or was, mapped into memory."},
    {"locked", "It was locked, or leased: other processes coordinate with the program."},
    {"random", "It was written in short runs here and there: caching gains nothing."},
    {"memory-fs", "It lies in memory (tmpfs and the like): the page cache is its storage."},
    {"append",
     "It was opened with O_APPEND, and others may append too. If nobody else does, --append "
     "(SEQSHIM_APPEND=1) promises that."},
    {"own-direct", "The program asked for O_DIRECT, O_SYNC or O_DSYNC itself."},
    {"descriptors", "No descriptor number was to be had: the limit of open files is too low."},
    {"memory", "No memory was to be had: more may be allowed with --memory."},
    {"error", "A write failed; the program has been told."},
    {"async", "It was written asynchronously, by POSIX AIO or the kernel's."},
    {"sandbox", "The program restricts its own system calls."},
    {"space",
     "The disk is nearly full, a quota nearly used up, or the file nearly as large as can be."},
    {"unseen",
     "It was written, but by no call that could be seen in this process: by another process, or by "
     "raw system calls."},
    {"small", "It never grew beyond the 64 KiB that are the kernel's anyway."},
};

}  // namespace

std::string_view explain(std::string_view reason) {
  for (const Reason& known : kReasons)
    if (known.name == reason) return known.explanation;
  return {};
}

}  // namespace seqshim
