// The report for readers, line by line: of one process as it ends, or of a saved one.
#pragma once

#include <cstdint>
#include <string_view>

#include "shim/config/text.h"
#include "shim/report/counters.h"

namespace seqshim {

struct ReportTotals {
  const Counters& counters;
  uint64_t files;  // that were closed
  Reads reads, reads_blind;
  std::string_view guard;  // "absent" is told
};

/// A file; several of the same path are one row.
struct ReportRow {
  std::string_view path;
  uint64_t times;  // that it was closed
  std::string_view rung, hand_back;
  const Counters& counters;
};

/// "seqshim 0.1.0: tar, pid 42, engine thread: ", which append_totals() continues.
void append_process(TextBuilder& out, std::string_view version, std::string_view program,
                    uint64_t pid, std::string_view engine);
/// "960M in 98308 writes to 1 file" and the lines below it.
void append_totals(TextBuilder& out, const ReportTotals& totals);
/// What stands over the columns of append_file().
void append_titles(TextBuilder& out);
void append_file(TextBuilder& out, const ReportRow& row);
/// " and 7 more"; nothing if there are none.
void append_unlisted(TextBuilder& out, uint64_t files);

}  // namespace seqshim
