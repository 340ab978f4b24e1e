// The report: totals of this process, and its files one by one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "shim/config/config.h"
#include "shim/config/text.h"
#include "shim/report/counters.h"
#include "shim/report/timeline.h"

namespace seqshim {

struct FileRecord {
  char path[256];  // as the kernel names it; the front is cut when longer. Ends at a zero, if any
  Counters counters;
  Rung rung;
  HandBack hand_back;
};

/// What a report says of its process besides the files.
struct ProcessFacts {
  std::string_view program;
  long pid = 0;                    // 0: whatever getpid says
  Engine engine = Engine::kAuto;   // the one that was used
  std::string_view guard = "off";  // "on"; "absent": one was wanted and could not be had
  const Config* config = nullptr;
  /// Where kStderr goes. Give a duplicate made at start (F_DUPFD_CLOEXEC): many programs close
  /// their standard error in an exit handler, and the number may then belong to a file of theirs.
  int stderr_fd = 2;
  /// For JSON, which without it has neither the times nor the CPU time. It has ended.
  const Timeline* timeline = nullptr;
  uint64_t user_us = 0, system_us = 0;  // of CPU, since the process began
};

/// Collects the records of closed files and writes them out once. Not thread-safe: the caller
/// holds the registry's lock. No heap: records live in a mapping made on first use, at most
/// kMaxFiles of them; the rest only counts in the totals ("and N more"). Records with the same path
/// become one row.
class Report {
 public:
  static constexpr size_t kMaxFiles = 1000;

  constexpr Report() = default;
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;

  void add(const FileRecord& record);
  /// A file that was read past the page cache: so many bytes. `blind`: the kernel didn't tell what
  /// of it is cached, so that nothing was dropped.
  void note_read(uint64_t bytes, bool blind) {
    Reads& reads = blind ? reads_blind_ : reads_;
    ++reads.files;
    reads.bytes += bytes;
  }
  bool empty() const { return files_ == 0 && reads_.files == 0 && reads_blind_.files == 0; }
  /// Appends the report to its target by one write: kText for readers, kJson one object on one
  /// line (so that the processes of a tree can share a file). The target is opened with O_APPEND,
  /// O_CREAT (0600), O_NOFOLLOW, O_CLOEXEC. Then starts afresh. Uses raw system calls only, and
  /// neither a closed pipe nor a full disk nor a file size limit does anything to the process.
  void emit(ReportKind kind, const char* path, const ProcessFacts& process);
  void emit(ReportKind kind, const char* path, std::string_view program) {
    emit(kind, path, ProcessFacts{.program = program});
  }
  /// Forgets all records: in a forked child, which must not report its parent's files.
  void reset();

 private:
  struct Row;
  struct Table;

  Row* find(const FileRecord& record, uint32_t hash) const;
  Row* new_row(uint32_t hash);
  void write_text(TextBuilder& out, const ProcessFacts& process, size_t rows) const;
  void write_json(TextBuilder& out, const ProcessFacts& process, size_t rows) const;

  uint64_t files_ = 0;  // records added, the ones without a row too
  Reads reads_, reads_blind_;
  Counters totals_;
  Table* table_ = nullptr;
  size_t row_count_ = 0;
};

}  // namespace seqshim
