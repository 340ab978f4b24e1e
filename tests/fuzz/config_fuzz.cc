// The configuration parser on the fuzzer's bytes: an environment, entry by entry, and a path to
// match. Whatever they say, the answer is a valid configuration or one line.
#include <sys/mman.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "shim/system/syscalls.h"

// The parser keeps a mapping for good, of which there would be many here: this one knows it.
namespace seqshim::fuzzed_sys {

struct Mapping {
  void* start;
  size_t bytes;
};
inline std::vector<Mapping> mappings;

template <class... Arguments>
long call_with(long number, Arguments... arguments) {
  const long result = sys::call_with(number, arguments...);
  if constexpr (sizeof...(Arguments) == 6) {
    const auto bytes = std::get<1>(std::tuple(arguments...));
    if (result > 0) mappings.push_back({reinterpret_cast<void*>(result), bytes});
  }
  return result;
}

}  // namespace seqshim::fuzzed_sys

#define sys fuzzed_sys
#include "shim/config/config.cc"
#undef sys

namespace {

void require(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

void check_values(const seqshim::Config& config) {
  const size_t cluster = config.cluster;
  require((cluster & (cluster - 1)) == 0 && cluster >= 4096 && cluster <= 64U << 20, "cluster");
  require(config.memory % cluster == 0 && config.memory / cluster >= 2, "memory");
  require(config.depth >= 1 && config.depth <= 16, "depth");
  require(config.idle_ms <= 3600000, "idle time");
  for (const char* path : {config.report_path, config.log_path, config.progress_path})
    require(path == nullptr || (path[0] == '/' && std::strlen(path) < 2 * 4096), "path");
}

void check_line(std::string_view line) {
  require(line.starts_with("seqshim: SEQSHIM_") && line.ends_with('\n'), "line");
  line.remove_suffix(1);
  for (const char byte : line) require(byte >= ' ' && byte <= '~', "byte of the line");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::vector<std::string> entries(1);
  for (size_t i = 0; i < size; ++i) {
    if (data[i] != 0) {
      entries.back() += static_cast<char>(data[i]);
    } else {
      entries.emplace_back();
    }
  }
  std::vector<const char*> environment;
  for (const std::string& entry : entries) environment.push_back(entry.c_str());
  environment.push_back(nullptr);

  seqshim::Config config;
  seqshim::ConfigError error;
  if (seqshim::parse_config(environment.data(), config, error)) {
    require(error.text[0] == '\0', "a line without an error");
    check_values(config);
    (void)config.match.matches('/' + entries.back());
  } else {
    require(config.match.empty(), "patterns beside an error");
    check_line(error.text);
  }
  for (const auto& [start, bytes] : seqshim::fuzzed_sys::mappings) munmap(start, bytes);
  seqshim::fuzzed_sys::mappings.clear();
  return 0;
}
