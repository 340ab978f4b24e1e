// What the SEQSHIM_* environment asks for.
#pragma once

#include <cstddef>
#include <cstdint>

#include "shim/config/pattern.h"

namespace seqshim {

enum class Engine : uint8_t { kAuto, kThread, kSync };
enum class ReportKind : uint8_t { kNone, kStderr, kText, kJson };

/// variable            default   allowed
/// SEQSHIM_MATCH       (none)    patterns, see PatternList: files that are managed when written
/// SEQSHIM_READ        (none)    patterns: files that leave nothing in the page cache when read
/// SEQSHIM_CLUSTER     1M        a power of two, 4K to 64M: the size of a write to the device
/// SEQSHIM_DEPTH       4         1 to 16: clusters in flight per file
/// SEQSHIM_MEMORY      64M       8K to 1024G, at least two clusters: for all files together
/// SEQSHIM_ENGINE      auto      auto, thread or sync
/// SEQSHIM_APPEND      0         1: files opened with O_APPEND have a single writer
/// SEQSHIM_DIRECT_MIN  256K      any size: files that end smaller go through the page cache; the
///                               first 64K (or this, if it is less) as the program writes them
/// SEQSHIM_GUARD       on        on or off: whether a guard survives the process when it is killed
/// SEQSHIM_IDLE_MS     1000      0 to 3600000: accepted bytes that rest so long are written; 0: off
/// SEQSHIM_RATE        0         a size: bytes a second that a process writes; 0: no limit
/// SEQSHIM_SYNC        0         1: what was written to a file is on its disk when the last close
/// of
///                               it returns, or the process has ended by itself
/// SEQSHIM_REPORT      (none)    stderr, or a file; JSON if its name ends in .json
/// SEQSHIM_LOG         (none)    a file
/// SEQSHIM_PROGRESS    (none)    a file of shared counters, see report/progress.h; the command's
/// own
///
/// Sizes are as parse_size() has them.
struct Config {
  PatternList match, read;
  size_t cluster = size_t{1} << 20;       // bytes, a power of two, 4 KiB to 64 MiB
  size_t memory = size_t{64} << 20;       // bytes, whole clusters, at least two
  unsigned depth = 4;                     // clusters in flight per file, 1 to 16
  size_t direct_min = size_t{256} << 10;  // files that end smaller are written back buffered
  Engine engine = Engine::kAuto;
  bool append = false;  // SEQSHIM_APPEND=1: O_APPEND files have a single writer
  bool guard = true;
  unsigned idle_ms = 1000;  // 0: what rests isn't written out
  uint64_t rate = 0;        // bytes a second, 0: no limit
  bool sync = false;        // close and exit make files durable
  ReportKind report = ReportKind::kNone;
  const char* report_path = nullptr;    // kText, kJson: absolute
  const char* log_path = nullptr;       // absolute; null: no log
  const char* progress_path = nullptr;  // likewise

  /// Something is to be done or told of each file that matches, however little is written to it.
  bool concerns_small_files() const {
    return report != ReportKind::kNone || sync || progress_path != nullptr;
  }
};

/// One line for the user, naming the variable, the value and what is allowed:
/// "seqshim: SEQSHIM_DEPTH=99: must be a number from 1 to 16", a newline and a zero, so that one
/// write() prints it. Empty if there was no error.
struct ConfigError {
  char text[256];
};

/// Reads SEQSHIM_* from `environment` (as environ; null is an empty one). Unset and empty mean the
/// same; names that aren't known are ignored. The strings are copied (programs overwrite their
/// environment) into one mapping that stays for good, and relative paths made absolute (programs
/// change directory). Where only one of cluster and memory is set, the other is fitted to it.
/// False: `error` is set, `config` is the default (no patterns), and the shim must stay inert.
/// Neither allocates from the heap nor calls anything that locks.
bool parse_config(const char* const* environment, Config& config, ConfigError& error);

}  // namespace seqshim
