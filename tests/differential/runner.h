// Runs a script once, in a fresh directory, and collects everything it left behind.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <map>
#include <string>

#include "tests/differential/block.h"
#include "tests/differential/script.h"
#include "tests/differential/settings.h"

namespace differential {

struct Entry {
  uint32_t mode = 0;
  uint64_t links = 0;
  int64_t size = 0;
  std::string mtime;    // of regular files; "now" unless a sequence set it
  std::string content;  // of a regular file, or a symbolic link's target
  bool operator==(const Entry&) const = default;
};

struct Outcome {
  int status = 0;  // as of waitpid
  bool timed_out = false;
  std::string log;
  std::map<std::string, Entry> tree;  // by path below the directory
};

class Runner {
 public:
  /// `directory` holds the runs' directories p (plain) and s (shim); both names are equally long,
  /// so that no path is longer in one run than in the other. An empty `library`: s is plain too.
  Runner(std::string directory, std::string library);
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  Outcome run_plain(const Script& script) { return run(script, directory_ + "/p", nullptr); }
  Outcome run_shim(const Script& script, const Settings& settings) {
    return run(script, directory_ + "/s", &settings);
  }
  void set_timeout(int seconds) { timeout_seconds_ = seconds; }
  bool has_library() const { return !library_.empty(); }
  const std::string& directory() const { return directory_; }

 private:
  /// Reports move it away; and a stream on the big file may have reopened it for writing.
  void make_directory();
  std::string big_file() const;
  Outcome run(const Script& script, const std::string& directory, const Settings* settings);
  std::vector<std::string> environment(const std::string& directory,
                                       const Settings* settings) const;

  std::string directory_;
  std::string library_;
  std::string self_;
  std::string block_path_;
  Block* block_;
  timespec big_since_ = {};  // its time of change as we left it
  int timeout_seconds_ = 20;
};

}  // namespace differential
