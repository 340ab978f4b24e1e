#include "shim/cli/profile/verdict.h"

#include <fcntl.h>

#include "shim/system/file_system_type.h"

namespace seqshim::profiling {
namespace {

constexpr uint64_t kKiB = 1024;
// Below, the shim leaves files to the page cache; see SEQSHIM_DIRECT_MIN.
constexpr uint64_t kWorthwhile = 256 * kKiB;
// Of such runs the shim gathers nothing and hands the file back.
constexpr uint64_t kShortRun = 16 * kKiB;
constexpr uint64_t kLongRun = 256 * kKiB;
constexpr uint64_t kLargeCall = 512 * kKiB;

bool mostly(uint64_t part, uint64_t whole) { return part > whole / 2; }

}  // namespace

bool is_worthwhile(const FileProfile& file) { return file.pattern.bytes >= kWorthwhile; }

std::string verdict(const FileProfile& file) {
  const AccessPattern& pattern = file.pattern;
  if ((file.flags & O_DIRECT) != 0) return "direct already";
  if (sys::lives_in_memory(file.file_system)) return "its file system is memory: no gain";
  if (!is_worthwhile(file)) return "too little to matter";
  if (file.locked) return "locked, so shared with others: would be left alone";
  const bool rewrites = mostly(pattern.rewritten_bytes, pattern.bytes);
  const uint64_t mean_run = pattern.bytes / pattern.runs;
  if (mean_run < kShortRun) return rewrites ? "random rewrites: no gain" : "random: no gain";
  if ((file.flags & (O_SYNC | O_DSYNC)) != 0) return "each write waits for the disk: no gain";
  if (pattern.bytes / (pattern.syncs + 1) < kLongRun) return "synced every few writes: no gain";
  if (mean_run < kLongRun) return "short runs: little to gain";
  if ((file.flags & O_APPEND) != 0)
    return "direct would suit with --append, if nobody else writes it";
  const bool large = pattern.bytes / pattern.calls >= kLargeCall;
  if (large && mostly(pattern.to_4096.both, pattern.calls)) return "already large and aligned";
  if (large) return "direct would suit: large sequential";
  return rewrites ? "direct would suit: small sequential rewrites"
                  : "direct would suit: small sequential";
}

}  // namespace seqshim::profiling
