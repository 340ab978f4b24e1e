#include "shim/report/report.h"

#include <sys/mman.h>

#include <cstring>

#include "shim/config/version.h"
#include "shim/report/append.h"
#include "shim/report/report_text.h"
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

void Report::write_text(TextBuilder& out, const ProcessFacts& process, size_t rows) const {
  append_process(out, kVersion, process.program, pid_of(process), name_of_engine(process.engine));
  append_totals(out, {.counters = totals_,
                      .files = files_,
                      .reads = reads_,
                      .reads_blind = reads_blind_,
                      .guard = process.guard});
  if (rows > 0) append_titles(out);
  uint64_t listed = 0;
  for (size_t i = 0; i < rows; ++i) {
    const Row& row = table_->row[i];
    append_file(out, {.path = path_of(row.record),
                      .times = row.times,
                      .rung = name_of(row.record.rung),
                      .hand_back = name_of(row.record.hand_back),
                      .counters = row.record.counters});
    listed += row.times;
  }
  append_unlisted(out, files_ - listed);
}

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

template <class Value>
void append_buckets(TextBuilder& out, const Timeline& timeline, Value value) {
  out.append('[');
  for (size_t i = 0; i < timeline.count(); ++i) {
    if (i > 0) out.append(',');
    out.number(value(timeline[i]));
  }
  out.append(']');
}

void append_timeline(Members& members, const ProcessFacts& process) {
  const Timeline& timeline = *process.timeline;
  using Bucket = Timeline::Bucket;
  members.number("wall_ns", timeline.lasted_ns());
  members.number("user_us", process.user_us);
  members.number("system_us", process.system_us);
  TextBuilder& out = members.key("timeline");
  Members object(out);
  object.number("start_ms", timeline.calendar_start_ms());
  object.number("bucket_ms", timeline.width_ns() / 1'000'000);
  append_buckets(object.key("written"), timeline, [](const Bucket& b) { return b.written; });
  append_buckets(object.key("landed"), timeline, [](const Bucket& b) { return b.landed; });
  append_buckets(object.key("wait_ns"), timeline, [](const Bucket& b) { return b.wait_ns; });
  object.close();
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
  if (process.timeline != nullptr) append_timeline(members, process);
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
  const auto build = [&](TextBuilder& out, const ProcessFacts& facts, size_t rows) {
    kind == ReportKind::kJson ? write_json(out, facts, rows) : write_text(out, facts, rows);
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
  if (build(out, process, row_count_)) {
    deliver(out);
  } else {
    // Out of memory: half a table, or JSON that nobody can parse, helps less than the totals.
    char buffer[4096];
    TextBuilder small(buffer, sizeof buffer);
    ProcessFacts facts = process;
    facts.timeline = nullptr;
    if (build(small, facts, 0)) deliver(small);
  }
  reset();
}

}  // namespace seqshim
