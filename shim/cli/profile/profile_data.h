// What was seen of all processes together.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shim/profile/record.h"

namespace seqshim::profiling {

class Memory;

struct ProcessProfile {
  int pid;
  std::string program, arguments;  // its executable, and the words it was started with
  uint64_t calls, bytes, write_ns;
  uint64_t first_ns, last_ns;  // CLOCK_MONOTONIC
  uint64_t missed, samples, sampling_ns;
  bool sandboxed;
};

/// All files that had this name when they were first written.
struct FileProfile {
  std::string path;
  unsigned files;
  uint32_t flags;  // as open(2) has them, of all who wrote it
  uint64_t file_system;
  bool locked;
  unsigned processes;  // that wrote to them
  AccessPattern pattern;
};

/// An address in a file of code. Without a module: in no file.
struct Frame {
  std::string module;
  uint64_t offset;  // as the file itself counts

  bool operator==(const Frame&) const = default;
  auto operator<=>(const Frame&) const = default;
};

/// What the calls on one path add up to, estimated from those that were looked at so that all paths
/// of a process together are what was counted.
struct Weight {
  double calls, bytes, write_ns;

  Weight times(const Weight& scale) const {
    return {calls * scale.calls, bytes * scale.bytes, write_ns * scale.write_ns};
  }

  void add(const Weight& other) {
    calls += other.calls;
    bytes += other.bytes;
    write_ns += other.write_ns;
  }
};

struct CallStack {
  std::string program;  // the name of its file
  Via via;
  bool cut;
  std::vector<Frame> frames;  // the innermost first
  uint64_t samples;
  Weight weight;
};

struct Profile {
  std::vector<ProcessProfile> processes;  // in the order in which they first wrote
  std::vector<FileProfile> files;         // most bytes first; those that were written
  std::vector<CallStack> stacks;          // most bytes first
  // What there was no room for.
  uint32_t processes_turned_away;
  bool blind_to_streams;
  uint64_t unlisted_calls, unlisted_bytes;  // of files
  uint64_t unlisted_samples;
  Weight unlisted;  // of stacks
};

Profile collect(const Memory& memory);

/// "write", "pwrite", "stdio".
std::string name_of(Via via);

/// "tar" of "/usr/bin/tar".
std::string file_name(const std::string& path);

}  // namespace seqshim::profiling
