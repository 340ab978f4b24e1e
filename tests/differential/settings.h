// What a run of the shim is told by its environment; drawn per seed, kept with a replay.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace differential {

struct Settings {
  int64_t cluster = 65536;
  int64_t memory = int64_t{64} << 20;
  int64_t depth = 4;
  bool sync_engine = false;
  bool direct_always = true;  // SEQSHIM_DIRECT_MIN=0
  bool append = false;        // SEQSHIM_APPEND=1: the sequence keeps to one appender
  bool read = false;          // SEQSHIM_READ=*
  bool durable = false;       // SEQSHIM_SYNC=1
};

Settings draw_settings(uint64_t seed);

/// NAME=VALUE, for an environment.
std::vector<std::string> settings_environment(const Settings& settings);

/// One comment line for a replay, and back. Without that line: the defaults.
std::string print_settings(const Settings& settings);
Settings parse_settings(const std::string& text);

}  // namespace differential
