// The files that a command writes, and what the kernel holds of them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shim/cli/report/report_file.h"

namespace seqshim {

/// Each file that was written once, as all processes together saw it: of the ways to write it and
/// the reasons to hand it back the last one.
std::vector<ReportedFile> written_files(const std::vector<ProcessReport>& processes);

/// Size and hash of what a file holds.
struct Content {
  uint64_t size, hash;
  bool operator==(const Content& other) const = default;
};

/// Known by their paths, as the shim's report gives them. A file that can't be opened counts as not
/// there (any more).
class OutputFiles {
 public:
  /// Until the command has been seen writing: what a sync is for are the file systems of the
  /// working directory and of whatever the words of the command name.
  explicit OutputFiles(const std::vector<std::string>& command);

  /// From now on, these files and no others. An empty list changes nothing. True: they are on file
  /// systems that sync() didn't know of.
  bool learn(const std::vector<ReportedFile>& files);

  size_t count() const { return paths_.size(); }
  const std::vector<std::string>& paths() const { return paths_; }

  /// All that is dirty on their file systems is written back. Throws std::system_error if the
  /// device refuses it.
  void sync() const;

  /// Bytes of them in the page cache. Nothing, if none of them is there or the kernel won't tell.
  std::optional<double> resident() const;

  /// Drops what is clean of them from the page cache.
  void drop() const;

  /// What is in those that are there. `between` is called now and then, since it takes long.
  std::map<std::string, Content> contents(const std::function<void()>& between) const;

 private:
  std::vector<std::string> paths_;
  std::map<uint64_t, std::string> file_systems_;  // of each device a path there
};

/// Bytes of the page cache of the machine.
double cached_by_all();

}  // namespace seqshim
