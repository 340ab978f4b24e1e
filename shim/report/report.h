// The report: totals of this process, and its files one by one.
#pragma once

#include <cstdint>
#include <string_view>

#include "shim/config/config.h"
#include "shim/report/counters.h"

namespace seqshim {

struct FileRecord {
  char path[256];  // as the kernel names it; the front is cut when longer
  Counters counters;
  Rung rung;
  HandBack hand_back;
};

/// Collects the records of closed files and writes them out once. Not thread-safe: the caller
/// holds the registry's lock. No heap: records live in mappings made on first use, at most
/// kMaxFiles of them; the rest only counts in the totals ("and N more files").
class Report {
 public:
  static constexpr size_t kMaxFiles = 1000;

  void add(const FileRecord& record);
  bool empty() const { return files_ == 0; }
  /// Appends the report to its target by one write: kText for readers, kJson one object on one
  /// line (so that the processes of a tree can share a file). The target is opened with O_APPEND,
  /// O_CREAT (0600), O_NOFOLLOW, O_CLOEXEC. Then starts afresh. Uses raw system calls only.
  void emit(ReportKind kind, const char* path, std::string_view program);

 private:
  uint64_t files_ = 0;
  // ...
};

}  // namespace seqshim
