#include "shim/report/report.h"

#include <sys/mman.h>

#include <cstring>

#include "shim/config/version.h"
#include "shim/report/append.h"
#include "shim/system/map_pages.h"
#include "shim/system/syscalls.h"

namespace seqshim {

struct Report::Row {
  FileRecord record;
  uint64_t times;  // records that became this row
};

struct Report::Table {
  uint32_t path_hash[kMaxFiles];  // apart from the rows, so that a search stays in few cache lines
  Row row[kMaxFiles];
};

namespace {

constexpr uint64_t kSecond = 1000000000;

std::string_view path_of(const FileRecord& record) {
  return {record.path, strnlen(record.path, sizeof record.path)};
}

// FNV-1a.
uint32_t hash_of(std::string_view text) {
  uint32_t hash = 2166136261u;
  for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619u;
  return hash;
}

std::string_view name_of_engine(Engine engine) {
  switch (engine) {
    case Engine::kAuto:
      return "auto";
    case Engine::kThread:
      return "thread";
    case Engine::kSync:
      return "sync";
  }
  return "unknown";
}

uint64_t pid_of(const ProcessFacts& process) {
  return static_cast<uint64_t>(process.pid != 0 ? process.pid : sys::call_with(__NR_getpid));
}

}  // namespace

Report::Row* Report::find(const FileRecord& record, uint32_t hash) const {
  for (size_t i = 0; i < row_count_; ++i) {
    if (table_->path_hash[i] != hash) continue;
    if (path_of(table_->row[i].record) == path_of(record)) return &table_->row[i];
  }
  return nullptr;
}

Report::Row* Report::new_row(uint32_t hash) {
  if (row_count_ == kMaxFiles) return nullptr;
  if (table_ == nullptr) {
    constexpr int kMostlyUntouched = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    table_ = static_cast<Table*>(sys::map_pages(sizeof(Table), kMostlyUntouched));
    if (table_ == nullptr) return nullptr;
  }
  table_->path_hash[row_count_] = hash;
  return &table_->row[row_count_++];
}

void Report::add(const FileRecord& record) {
  ++files_;
  totals_.add(record.counters);
  const uint32_t hash = hash_of(path_of(record));
  if (Row* row = find(record, hash)) {
    ++row->times;
    row->record.counters.add(record.counters);
    if (record.rung != Rung::kUndecided) row->record.rung = record.rung;
    if (record.hand_back != HandBack::kNone) row->record.hand_back = record.hand_back;
  } else if (Row* fresh = new_row(hash)) {
    *fresh = Row{record, 1};
  }
}

void Report::reset() {
  files_ = 0;
  reads_ = reads_blind_ = {};
  totals_ = Counters{};
  row_count_ = 0;
}

// --- for readers -------------------------------------------------------------------------------

namespace {

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

void write_title(TextBuilder& out) {
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

void write_hand_backs(TextBuilder& out, const Counters& totals) {
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

}  // namespace

void Report::write_totals(TextBuilder& out, const ProcessFacts& process) const {
  out.append("seqshim ").append(kVersion).append(": ").printable(process.program);
  out.append(", pid ").number(pid_of(process));
  out.append(", engine ").append(name_of_engine(process.engine)).append(": ");
  out.size(totals_.bytes_written).append(" in ");
  append_count(out, totals_.writes.total(), "write");
  out.append(" to ");
  append_count(out, files_, "file");
  out.append("\n  direct ").size(totals_.bytes_direct).append(" in ");
  append_count(out, totals_.direct_writes.total(), "piece");
  out.append(" of ");
  append_mean(out, totals_);
  out.append(", buffered ").size(totals_.bytes_buffered);
  out.append(", passed through ").size(totals_.bytes_passed).append(" in ");
  append_count(out, totals_.calls_passed, "call");
  out.append("\n  waited for the device ");
  append_count(out, totals_.waits, "time");
  out.append(", ").fraction(totals_.wait_ns, kSecond, 3).append(" s; ");
  append_count(out, totals_.drains, "drain");
  out.append("; ");
  append_count(out, totals_.errors, "error");
  out.append('\n');
  write_reads(out);
  append_guard(out, process.guard);
  write_hand_backs(out, totals_);
}

void Report::write_reads(TextBuilder& out) const {
  if (reads_.files == 0 && reads_blind_.files == 0) return;
  out.append("  read ").size(reads_.bytes).append(" past the page cache from ");
  append_count(out, reads_.files, "file");
  if (reads_blind_.files > 0) {
    out.append("; ").size(reads_blind_.bytes).append(" through it from ");
    append_count(out, reads_blind_.files, "file");
    out.append(", of which the kernel won't tell what is cached");
  }
  out.append('\n');
}

void Report::write_row(TextBuilder& out, const Row& row) {
  for (const Column& column : kColumns) {
    out.append(' ');
    const size_t start = out.length();
    column.append(out, row.record.counters);
    out.align_right(start, column.width);
  }
  out.append("  ");
  size_t start = out.length();
  out.append(name_of(row.record.rung)).align_left(start, kRungWidth).append(' ');
  start = out.length();
  out.append(row.record.hand_back == HandBack::kNone ? "-" : name_of(row.record.hand_back));
  out.align_left(start, kHandBackWidth).append("  ").printable(path_of(row.record));
  if (row.times > 1) out.append(" (").number(row.times).append(" times)");
  out.append('\n');
}

void Report::write_text(TextBuilder& out, const ProcessFacts& process, size_t rows) const {
  write_totals(out, process);
  if (rows > 0) write_title(out);
  uint64_t listed = 0;
  for (size_t i = 0; i < rows; ++i) {
    write_row(out, table_->row[i]);
    listed += table_->row[i].times;
  }
  if (listed < files_) out.append(" and ").number(files_ - listed).append(" more\n");
}

// --- for programs ------------------------------------------------------------------------------

namespace {

/// The members of one JSON object.
class Members {
 public:
  explicit Members(TextBuilder& out) : out_(out) { out_.append('{'); }
  void close() { out_.append('}'); }
  TextBuilder& key(std::string_view name) {
    if (!first_) out_.append(',');
    first_ = false;
    return out_.json_string(name).append(':');
  }
  void number(std::string_view name, uint64_t value) { key(name).number(value); }
  void string(std::string_view name, std::string_view value) { key(name).json_string(value); }

 private:
  TextBuilder& out_;
  bool first_ = true;
};

void append_histogram(TextBuilder& out, const SizeHistogram& sizes) {
  bool first = true;
  out.append('[');
  for (size_t bucket = 0; bucket < sizes.count.size(); ++bucket) {
    if (sizes.count[bucket] == 0) continue;
    if (!first) out.append(',');
    first = false;
    Members entry(out);
    entry.number("from", SizeHistogram::lower_bound(bucket));
    if (bucket + 1 < sizes.count.size()) {
      entry.number("to", SizeHistogram::lower_bound(bucket + 1) - 1);
    } else {
      entry.key("to").append("null");
    }
    entry.number("count", sizes.count[bucket]);
    entry.close();
  }
  out.append(']');
}

void append_hand_backs(TextBuilder& out, const Counters& counters) {
  Members reasons(out);
  for (size_t i = 1; i < counters.hand_backs.size(); ++i) {
    if (counters.hand_backs[i] == 0) continue;
    reasons.number(name_of(static_cast<HandBack>(i)), counters.hand_backs[i]);
  }
  reasons.close();
}

void append_counters(Members& members, const Counters& counters) {
  members.number("writes", counters.writes.total());
  members.number("bytes_written", counters.bytes_written);
  members.number("jumps", counters.jumps);
  members.number("bytes_direct", counters.bytes_direct);
  members.number("bytes_buffered", counters.bytes_buffered);
  members.number("bytes_passed", counters.bytes_passed);
  members.number("calls_passed", counters.calls_passed);
  members.number("direct_writes", counters.direct_writes.total());
  members.number("drains", counters.drains);
  members.number("waits", counters.waits);
  members.number("wait_ns", counters.wait_ns);
  members.number("errors", counters.errors);
  append_hand_backs(members.key("hand_backs"), counters);
  append_histogram(members.key("write_sizes"), counters.writes);
  append_histogram(members.key("direct_write_sizes"), counters.direct_writes);
}

void append_config(Members& members, const Config& config) {
  members.number("cluster", config.cluster);
  members.number("memory", config.memory);
  members.number("depth", config.depth);
  members.number("direct_min", config.direct_min);
  members.key("append").append(config.append ? "true" : "false");
}

}  // namespace

void Report::write_json(TextBuilder& out, const ProcessFacts& process, size_t rows) const {
  Members members(out);
  members.string("version", kVersion);
  members.string("program", process.program);
  members.number("pid", pid_of(process));
  members.string("engine", name_of_engine(process.engine));
  members.string("guard", process.guard);
  if (process.config != nullptr) append_config(members, *process.config);
  members.number("files_closed", files_);
  members.number("files_read", reads_.files);
  members.number("bytes_read", reads_.bytes);
  members.number("files_read_blind", reads_blind_.files);
  members.number("bytes_read_blind", reads_blind_.bytes);
  Members totals(members.key("totals"));
  append_counters(totals, totals_);
  totals.close();
  uint64_t listed = 0;
  members.key("files").append('[');
  for (size_t i = 0; i < rows; ++i) {
    if (i > 0) out.append(',');
    Members file(out);
    file.string("path", path_of(table_->row[i].record));
    file.number("times", table_->row[i].times);
    file.string("rung", name_of(table_->row[i].record.rung));
    file.string("hand_back", name_of(table_->row[i].record.hand_back));
    append_counters(file, table_->row[i].record.counters);
    file.close();
    listed += table_->row[i].times;
  }
  out.append(']');
  members.number("files_unlisted", files_ - listed);
  members.close();
  out.append('\n');
}

void Report::emit(ReportKind kind, const char* path, const ProcessFacts& process) {
  if (kind == ReportKind::kNone) return;
  const auto build = [&](TextBuilder& out, size_t rows) {
    kind == ReportKind::kJson ? write_json(out, process, rows) : write_text(out, process, rows);
    return !out.truncated();
  };
  const auto deliver = [&](const TextBuilder& out) {
    if (kind == ReportKind::kStderr) {
      write_quietly(process.stderr_fd, out.text());
    } else if (path != nullptr) {
      append_to_file(path, out.text());
    }
  };
  TextBuilder out;
  if (build(out, row_count_)) {
    deliver(out);
  } else {
    // Out of memory: half a table, or JSON that nobody can parse, helps less than the totals.
    char buffer[4096];
    TextBuilder small(buffer, sizeof buffer);
    if (build(small, 0)) deliver(small);
  }
  reset();
}

}  // namespace seqshim
