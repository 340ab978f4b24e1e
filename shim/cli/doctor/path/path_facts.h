// All that can be found out of a path without judging it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "shim/cli/doctor/path/mounts.h"
#include "shim/cli/doctor/path/patterns.h"
#include "shim/cli/doctor/path/place.h"
#include "shim/cli/doctor/path/write_trial.h"
#include "shim/config/config.h"

namespace seqshim {

struct PathFacts {
  Place place;
  // Only if it isn't unreachable.
  std::optional<Mount> mount;
  unsigned long type = 0;  // of the file system, as in <linux/magic.h>
  bool read_only = false;
  uint64_t left = 0, total = 0;              // bytes, of those that anybody may have
  uint64_t inodes_left = 0, inodes = 0;      // both 0: it doesn't count them
  uint64_t quota_left = UINT64_MAX;          // bytes; UINT64_MAX: none applies
  uint32_t logical_block = 0;                // of the device, in bytes; 0: not known
  std::optional<uint32_t> direct_alignment;  // of a file that is there; 0: no direct I/O
  WriteTrial trial;

  // What the settings say.
  std::string patterns;      // empty: none was given
  PatternDecision decision;  // of the file; of a directory: of any name in it
  size_t piece = 0;
  uint64_t margin = 0;
  bool appends = false;

  bool may_be_command = false;  // there is no such file, but a program of that name along PATH
};

/// `patterns`: as SEQSHIM_MATCH; `config`: what the environment says otherwise. Makes a temporary
/// file in the directory, if it may.
PathFacts examine_path(const std::string& path, const std::string& patterns, const Config& config);

}  // namespace seqshim
