// What the SEQSHIM_* environment asks for.
#pragma once

#include <cstddef>
#include <cstdint>

#include "shim/config/pattern.h"

namespace seqshim {

enum class Engine : uint8_t { kAuto, kThread, kSync };
enum class ReportKind : uint8_t { kNone, kStderr, kText, kJson };

struct Config {
  PatternList match;
  size_t cluster = size_t{1} << 20;      // bytes, a power of two, 4 KiB to 64 MiB
  size_t memory = size_t{64} << 20;      // bytes, at least two clusters
  unsigned depth = 4;                    // clusters in flight per file, 1 to 16
  size_t direct_min = size_t{256} << 10; // files that end smaller are written back buffered
  Engine engine = Engine::kAuto;
  bool append = false;                   // SEQSHIM_APPEND=1: O_APPEND files have a single writer
  ReportKind report = ReportKind::kNone;
  const char* report_path = nullptr;     // kText, kJson
  const char* log_path = nullptr;
};

/// One line for the user, naming the variable, the value and what is allowed.
struct ConfigError {
  char text[256];
};

/// Reads SEQSHIM_* from `environment` (as environ). The strings are copied: programs overwrite
/// their environment. False: `error` is set and the shim must stay inert. Neither allocates from
/// the heap nor calls anything that locks.
bool parse_config(const char* const* environment, Config& config, ConfigError& error);

}  // namespace seqshim
