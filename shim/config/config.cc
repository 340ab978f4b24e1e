#include "shim/config/config.h"

#include <linux/limits.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string_view>

#include "shim/config/size.h"
#include "shim/config/text.h"
#include "shim/system/map_pages.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

enum Variable : size_t {
  kMatch,
  kRead,
  kCluster,
  kDepth,
  kMemory,
  kEngine,
  kAppend,
  kDirectMin,
  kGuard,
  kIdleMs,
  kRate,
  kSync,
  kReport,
  kLog,
  kProgress,
  kVariables
};

constexpr std::string_view kPrefix = "SEQSHIM_";
constexpr std::array<std::string_view, kVariables> kNames = {
    "MATCH", "READ",    "CLUSTER", "DEPTH", "MEMORY", "ENGINE", "APPEND",  "DIRECT_MIN",
    "GUARD", "IDLE_MS", "RATE",    "SYNC",  "REPORT", "LOG",    "PROGRESS"};

constexpr uint64_t kMinCluster = uint64_t{4} << 10;
constexpr uint64_t kMaxCluster = uint64_t{64} << 20;
constexpr uint64_t kMaxMemory = uint64_t{1} << 40;
constexpr unsigned kMaxDepth = 16;
constexpr unsigned kMaxIdleMs = 3600000;
constexpr uint64_t kMinRate = uint64_t{64} << 10;
// Below this a cluster and the next one could not be in flight at the same time.
constexpr size_t kMinClusters = 2;
constexpr size_t kGoodClusters = 4;

// What the environment says; empty: unset, or set to nothing, which means the same.
using Values = std::array<std::string_view, kVariables>;

// False: there is no SEQSHIM_ variable of ours at all.
bool collect(const char* const* environment, Values& values) {
  bool any = false;
  if (environment == nullptr) return false;
  for (; *environment != nullptr; ++environment) {
    const char* entry = *environment;
    if (entry[0] != 'S' || std::strncmp(entry, kPrefix.data(), kPrefix.size()) != 0) continue;
    const char* name = entry + kPrefix.size();
    const char* equals = std::strchr(name, '=');
    if (equals == nullptr) continue;
    const std::string_view key(name, static_cast<size_t>(equals - name));
    for (size_t i = 0; i < kVariables; ++i) {
      // Of duplicates the first one counts, as with getenv().
      if (kNames[i] != key || values[i].data() != nullptr) continue;
      values[i] = equals + 1;
      any = any || !values[i].empty();
    }
  }
  return any;
}

/// Turns the values into a Config, one function per kind of value; each says what it allows.
class Parser {
 public:
  Parser(const Values& values, Config& config, ConfigError& error)
      : values_(values), config_(config), error_(error) {}

  bool run() {
    return parse_cluster() && parse_depth() && parse_memory() && parse_engine() &&
           parse_switch(kAppend, config_.append) && parse_direct_min() && parse_guard() &&
           parse_idle_ms() && parse_rate() && parse_switch(kSync, config_.sync) && copy_strings();
  }

 private:
  bool parse_cluster();
  bool parse_depth();
  bool parse_memory();
  bool parse_engine();
  bool parse_direct_min();
  bool parse_guard();
  bool parse_idle_ms();
  bool parse_rate();
  bool parse_switch(Variable variable, bool& on);
  bool parse_number(Variable variable, uint64_t& number) const;
  bool copy_strings();
  bool copy_report();
  bool copy_path(Variable variable, const char*& path);
  bool map(size_t bytes);
  std::string_view copy(std::string_view text);
  bool fail(Variable variable, std::string_view allowed);

  const Values& values_;
  Config& config_;
  ConfigError& error_;
  char* next_ = nullptr;  // the free part of the mapping that holds the strings
};

bool Parser::fail(Variable variable, std::string_view allowed) {
  constexpr size_t kShown = 60;
  const std::string_view value = values_[variable];
  TextBuilder line(error_.text, sizeof error_.text - 2);
  line.append("seqshim: ").append(kPrefix).append(kNames[variable]).append('=');
  for (size_t i = 0; i < value.size() && i < kShown; ++i) {
    line.append(value[i] >= ' ' && value[i] <= '~' ? value[i] : '?');
  }
  if (value.size() > kShown) line.append("...");
  line.append(": ").append(allowed);
  error_.text[line.length()] = '\n';
  error_.text[line.length() + 1] = '\0';
  return false;
}

// A size without a unit.
bool Parser::parse_number(Variable variable, uint64_t& number) const {
  const char last = values_[variable].back();
  return last >= '0' && last <= '9' && parse_size(values_[variable], number);
}

bool Parser::parse_cluster() {
  if (values_[kCluster].empty()) return true;
  uint64_t bytes = 0;
  if (!parse_size(values_[kCluster], bytes) || !std::has_single_bit(bytes) || bytes < kMinCluster ||
      bytes > kMaxCluster) {
    return fail(kCluster, "must be a power of two from 4K to 64M");
  }
  config_.cluster = bytes;
  return true;
}

bool Parser::parse_depth() {
  if (values_[kDepth].empty()) return true;
  uint64_t depth = 0;
  if (!parse_number(kDepth, depth) || depth < 1 || depth > kMaxDepth) {
    return fail(kDepth, "must be a number from 1 to 16");
  }
  config_.depth = static_cast<unsigned>(depth);
  return true;
}

// Of cluster and memory, one that was not asked for gives way to the one that was.
bool Parser::parse_memory() {
  if (values_[kMemory].empty()) {
    config_.memory = std::max(config_.memory, kGoodClusters * config_.cluster);
    return true;
  }
  uint64_t bytes = 0;
  if (!parse_size(values_[kMemory], bytes) || bytes < kMinClusters * kMinCluster ||
      bytes > kMaxMemory) {
    return fail(kMemory, "must be a size from 8K to 1024G, like 64M");
  }
  if (values_[kCluster].empty()) {
    const uint64_t fitting = std::bit_floor(bytes / kGoodClusters);
    config_.cluster = std::clamp<uint64_t>(fitting, kMinCluster, config_.cluster);
  }
  if (bytes < kMinClusters * config_.cluster) {
    return fail(kMemory, "must be at least two clusters (see SEQSHIM_CLUSTER)");
  }
  config_.memory = bytes - bytes % config_.cluster;
  return true;
}

bool Parser::parse_engine() {
  const std::string_view value = values_[kEngine];
  if (value.empty() || value == "auto") {
    config_.engine = Engine::kAuto;
  } else if (value == "thread") {
    config_.engine = Engine::kThread;
  } else if (value == "sync") {
    config_.engine = Engine::kSync;
  } else {
    return fail(kEngine, "must be auto, thread or sync");
  }
  return true;
}

bool Parser::parse_switch(Variable variable, bool& on) {
  const std::string_view value = values_[variable];
  if (!value.empty() && value != "0" && value != "1") return fail(variable, "must be 0 or 1");
  on = value == "1";
  return true;
}

bool Parser::parse_direct_min() {
  if (values_[kDirectMin].empty()) return true;
  uint64_t bytes = 0;
  if (!parse_size(values_[kDirectMin], bytes)) {
    return fail(kDirectMin, "must be a size, like 256K");
  }
  config_.direct_min = bytes;
  return true;
}

bool Parser::parse_guard() {
  const std::string_view value = values_[kGuard];
  if (!value.empty() && value != "on" && value != "off") return fail(kGuard, "must be on or off");
  config_.guard = value != "off";
  return true;
}

bool Parser::parse_idle_ms() {
  if (values_[kIdleMs].empty()) return true;
  uint64_t milliseconds = 0;
  if (!parse_number(kIdleMs, milliseconds) || milliseconds > kMaxIdleMs) {
    return fail(kIdleMs, "must be a number from 0 to 3600000");
  }
  config_.idle_ms = static_cast<unsigned>(milliseconds);
  return true;
}

bool Parser::parse_rate() {
  if (values_[kRate].empty() || values_[kRate] == "0") return true;
  if (!parse_size(values_[kRate], config_.rate) || config_.rate < kMinRate) {
    return fail(kRate, "must be 0 or a size of at least 64K, like 200M: bytes a second");
  }
  return true;
}

bool Parser::map(size_t bytes) {
  next_ = static_cast<char*>(sys::map_pages(bytes));
  return next_ != nullptr;
}

// With a terminating zero; map() made room for both.
std::string_view Parser::copy(std::string_view text) {
  char* const start = next_;
  std::memcpy(start, text.data(), text.size());
  start[text.size()] = '\0';
  next_ += text.size() + 1;
  return {start, text.size()};
}

bool Parser::copy_strings() {
  const std::string_view match = values_[kMatch], read = values_[kRead];
  if (match.empty() && read.empty() && values_[kReport].empty() && values_[kLog].empty() &&
      values_[kProgress].empty())
    return true;
  // Of the three paths each may be given the current directory in front.
  if (!map(match.size() + 1 + read.size() + 1 + 6 * size_t{PATH_MAX})) {
    return fail(read.empty() ? kMatch : kRead, "there is no memory to keep it");
  }
  if (!match.empty()) config_.match = PatternList(copy(match));
  if (!read.empty()) config_.read = PatternList(copy(read));
  return copy_report() && copy_path(kLog, config_.log_path) &&
         copy_path(kProgress, config_.progress_path);
}

bool Parser::copy_report() {
  const std::string_view value = values_[kReport];
  if (value.empty()) return true;
  // /dev/stderr is a symbolic link, and no link is ever followed to write a report.
  if (value == "stderr" || value == "/dev/stderr") {
    config_.report = ReportKind::kStderr;
    return true;
  }
  config_.report = value.ends_with(".json") ? ReportKind::kJson : ReportKind::kText;
  return copy_path(kReport, config_.report_path);
}

bool Parser::copy_path(Variable variable, const char*& path) {
  const std::string_view value = values_[variable];
  if (value.empty()) return true;
  if (value.size() >= PATH_MAX || value.ends_with('/')) {
    return fail(variable, "must name a file, in at most 4095 bytes");
  }
  char* const start = next_;
  if (value[0] != '/') {
    // Returns the length with the terminating zero. A directory that was removed or lies outside
    // of the root has no absolute name.
    const long length = sys::call_with(__NR_getcwd, next_, size_t{PATH_MAX});
    if (length <= 1 || next_[0] != '/') {
      return fail(variable, "must be an absolute path, since the current directory has no name");
    }
    next_ += length - 1;
    if (length > 2) *next_++ = '/';
  }
  copy(value);
  path = start;
  return true;
}

}  // namespace

bool parse_config(const char* const* environment, Config& config, ConfigError& error) {
  config = Config{};
  error.text[0] = '\0';
  Values values{};
  if (!collect(environment, values)) return true;
  if (Parser(values, config, error).run()) return true;
  config = Config{};
  return false;
}

}  // namespace seqshim
