#include "shim/report/report_text.h"

namespace seqshim {
namespace {

constexpr uint64_t kSecond = 1000000000;

void append_count(TextBuilder& out, uint64_t count, std::string_view one) {
  out.number(count).append(' ').append(one);
  if (count != 1) out.append('s');
}

void append_mean(TextBuilder& out, const Counters& counters) {
  const uint64_t writes = counters.direct_writes.total();
  out.size(writes == 0 ? 0 : counters.bytes_direct / writes);
}

// "8.00K 97%": the bucket that most writes fall into, by its lower bound, and their share.
void append_typical(TextBuilder& out, const SizeHistogram& sizes) {
  const uint64_t total = sizes.total();
  if (total == 0) {
    out.append('-');
    return;
  }
  const size_t bucket = sizes.commonest();
  out.size(SizeHistogram::lower_bound(bucket)).append("+ ");
  out.number(sizes.count[bucket] * 100 / total).append('%');
}

void append_sequential_share(TextBuilder& out, const Counters& counters) {
  const uint64_t total = counters.writes.total();
  if (total == 0) {
    out.append('-');
    return;
  }
  const uint64_t jumps = counters.jumps < total ? counters.jumps : total;
  out.number((total - jumps) * 100 / total).append('%');
}

struct Column {
  std::string_view title;
  size_t width;
  void (*append)(TextBuilder& out, const Counters& counters);
};

constexpr Column kColumns[] = {
    {"bytes", 7, [](TextBuilder& out, const Counters& c) { out.size(c.bytes_written); }},
    {"writes", 9, [](TextBuilder& out, const Counters& c) { out.number(c.writes.total()); }},
    {"typical", 11, [](TextBuilder& out, const Counters& c) { append_typical(out, c.writes); }},
    {"seq", 4, append_sequential_share},
    {"direct", 7, [](TextBuilder& out, const Counters& c) { out.size(c.bytes_direct); }},
    {"buffered", 8, [](TextBuilder& out, const Counters& c) { out.size(c.bytes_buffered); }},
    {"passed", 7, [](TextBuilder& out, const Counters& c) { out.size(c.bytes_passed); }},
    {"pieces", 7, [](TextBuilder& out, const Counters& c) { out.number(c.direct_writes.total()); }},
    {"mean", 6, append_mean},
    {"waits", 6, [](TextBuilder& out, const Counters& c) { out.number(c.waits); }},
    {"wait s", 7, [](TextBuilder& out, const Counters& c) { out.fraction(c.wait_ns, kSecond, 3); }},
    {"drains", 6, [](TextBuilder& out, const Counters& c) { out.number(c.drains); }},
};
constexpr size_t kRungWidth = 10;
constexpr size_t kHandBackWidth = 11;

void append_hand_backs(TextBuilder& out, const Counters& totals) {
  bool first = true;
  for (size_t i = 1; i < totals.hand_backs.size(); ++i) {
    if (totals.hand_backs[i] == 0) continue;
    out.append(first ? "  handed back to the kernel: " : ", ");
    out.append(name_of(static_cast<HandBack>(i))).append(' ').number(totals.hand_backs[i]);
    first = false;
  }
  if (!first) out.append('\n');
}

void append_guard(TextBuilder& out, std::string_view guard) {
  if (guard == "absent")
    out.append("  there was no guard: killed, it would have lost what it held\n");
}

void append_reads(TextBuilder& out, const Reads& reads, const Reads& blind) {
  if (reads.files == 0 && blind.files == 0) return;
  out.append("  read ").size(reads.bytes).append(" past the page cache from ");
  append_count(out, reads.files, "file");
  if (blind.files > 0) {
    out.append("; ").size(blind.bytes).append(" through it from ");
    append_count(out, blind.files, "file");
    out.append(", of which the kernel won't tell what is cached");
  }
  out.append('\n');
}

}  // namespace

void append_process(TextBuilder& out, std::string_view version, std::string_view program,
                    uint64_t pid, std::string_view engine) {
  out.append("seqshim ").printable(version).append(": ").printable(program);
  out.append(", pid ").number(pid).append(", engine ").printable(engine).append(": ");
}

void append_totals(TextBuilder& out, const ReportTotals& totals) {
  const Counters& counters = totals.counters;
  out.size(counters.bytes_written).append(" in ");
  append_count(out, counters.writes.total(), "write");
  out.append(" to ");
  append_count(out, totals.files, "file");
  out.append("\n  direct ").size(counters.bytes_direct).append(" in ");
  append_count(out, counters.direct_writes.total(), "piece");
  out.append(" of ");
  append_mean(out, counters);
  out.append(", buffered ").size(counters.bytes_buffered);
  out.append(", passed through ").size(counters.bytes_passed).append(" in ");
  append_count(out, counters.calls_passed, "call");
  out.append("\n  waited for the device ");
  append_count(out, counters.waits, "time");
  out.append(", ").fraction(counters.wait_ns, kSecond, 3).append(" s; ");
  append_count(out, counters.drains, "drain");
  out.append("; ");
  append_count(out, counters.errors, "error");
  out.append('\n');
  append_reads(out, totals.reads, totals.reads_blind);
  append_guard(out, totals.guard);
  append_hand_backs(out, counters);
}

void append_titles(TextBuilder& out) {
  for (const Column& column : kColumns) {
    out.append(' ');
    const size_t start = out.length();
    out.append(column.title).align_right(start, column.width);
  }
  out.append("  ");
  size_t start = out.length();
  out.append("way").align_left(start, kRungWidth).append(' ');
  start = out.length();
  out.append("handed back").align_left(start, kHandBackWidth).append("  file\n");
}

void append_file(TextBuilder& out, const ReportRow& row) {
  for (const Column& column : kColumns) {
    out.append(' ');
    const size_t start = out.length();
    column.append(out, row.counters);
    out.align_right(start, column.width);
  }
  out.append("  ");
  size_t start = out.length();
  out.printable(row.rung).align_left(start, kRungWidth).append(' ');
  start = out.length();
  out.printable(row.hand_back == name_of(HandBack::kNone) ? "-" : row.hand_back);
  out.align_left(start, kHandBackWidth).append("  ").printable(row.path);
  if (row.times > 1) out.append(" (").number(row.times).append(" times)");
  out.append('\n');
}

void append_unlisted(TextBuilder& out, uint64_t files) {
  if (files > 0) out.append(" and ").number(files).append(" more\n");
}

}  // namespace seqshim
