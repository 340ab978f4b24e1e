#include "tests/kills/check.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

#include "tests/kills/content.h"

namespace kills {
namespace {

using Bytes = std::vector<uint8_t>;

Bytes read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return {};
  Bytes bytes(static_cast<size_t>(file.tellg()));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

/// What a lane's calls were, as far as they came.
struct Done {
  Done(const Plan& the_plan, const Block& block, int the_lane)
      : plan(the_plan),
        lane(the_lane),
        ops(plan.lanes[static_cast<size_t>(lane)]),
        accepted(block.lanes[lane].accepted.load()),
        attempted(block.lanes[lane].attempted.load()) {}

  const Bytes& record(size_t number) {
    if (number == held_) return bytes_;
    held_ = number;
    bytes_.resize(ops[number].length);
    fill(bytes_.data(), bytes_.size(), plan.seed, lane, number);
    return bytes_;
  }
  uint64_t bytes_accepted() const {
    uint64_t sum = 0;
    for (size_t i = 0; i < accepted; ++i) sum += ops[i].length;
    return sum;
  }

  const Plan& plan;
  int lane;
  const std::vector<Op>& ops;
  size_t accepted, attempted;

 private:
  size_t held_ = SIZE_MAX;
  Bytes bytes_;
};

/// How much of `record`, from its start on, lies at `at`.
size_t part_of(const Bytes& record, const Bytes& have, size_t at) {
  if (at >= have.size()) return 0;
  const size_t most = std::min(record.size(), have.size() - at);
  const auto start = have.begin() + static_cast<std::ptrdiff_t>(at);
  return static_cast<size_t>(
      std::mismatch(start, start + static_cast<std::ptrdiff_t>(most), record.begin()).first -
      start);
}

// Where each record's place is known

void put(Bytes& want, const Bytes& record, size_t at, size_t bytes) {
  if (bytes == 0) return;
  if (want.size() < at + bytes) want.resize(at + bytes);
  std::copy_n(record.begin(), bytes, want.begin() + static_cast<std::ptrdiff_t>(at));
}

Bytes after_accepted_calls(Done& done) {
  Bytes want;
  for (size_t i = 0; i < done.accepted; ++i) {
    const Op& op = done.ops[i];
    if (op.type == Op::kTruncate) want.resize(static_cast<size_t>(op.offset));
    put(want, done.record(i), static_cast<size_t>(op.offset), op.length);
  }
  return want;
}

/// As much of the calls in progress as the file has.
void add_calls_in_progress(Bytes& want, Done& done, const Bytes& have) {
  for (size_t i = done.accepted; i < done.attempted; ++i) {
    const Op& op = done.ops[i];
    const auto at = static_cast<size_t>(op.offset);
    if (op.type == Op::kTruncate && have.size() == at) want.resize(at);
    const size_t part = part_of(done.record(i), have, at);
    put(want, done.record(i), at, part);
    if (part < op.length) return;
  }
}

Verdict compare(const Bytes& want, const Bytes& have) {
  Verdict verdict;
  uint64_t wrong = 0;
  size_t first = SIZE_MAX;
  for (size_t i = 0; i < want.size(); ++i) {
    if (i < have.size() && have[i] == want[i]) continue;
    ++(want[i] != 0 && (i >= have.size() || have[i] == 0) ? verdict.lost : wrong);
    first = std::min(first, i);
  }
  if (want == have) return verdict;
  std::ostringstream text;
  text << "size " << have.size() << " instead of " << want.size() << ", " << verdict.lost
       << " bytes lost, " << wrong << " wrong";
  if (first != SIZE_MAX) text << ", the first at " << first;
  verdict.violation = text.str();
  return verdict;
}

Verdict check_places(Done done, const std::string& path) {
  const Bytes have = read_whole(path);
  Bytes want = after_accepted_calls(done);
  add_calls_in_progress(want, done, have);
  Verdict verdict = compare(want, have);
  verdict.accepted = done.bytes_accepted();
  return verdict;
}

// Where two lanes took turns

/// Reads the file record by record; each lane's are in order.
class Parser {
 public:
  Parser(const Plan& plan, const Block& block, Bytes have)
      : lanes_{Done(plan, block, 0), Done(plan, block, 1)}, have_(std::move(have)) {}

  Verdict parse() {
    while (at_ < have_.size())
      if (!whole_record() && !torn_record()) strange_bytes();
    for (int lane = 0; lane < Block::kLanes; ++lane) look_for_the_rest(lane);
    verdict_.violation = text_.str();
    return verdict_;
  }

 private:
  static constexpr std::streamoff kEnoughText = 400;

  bool whole_record() {
    for (int lane = 0; lane < Block::kLanes; ++lane) {
      if (next_[lane] >= lanes_[lane].attempted) continue;
      const Bytes& record = lanes_[lane].record(next_[lane]);
      if (part_of(record, have_, at_) < record.size()) continue;
      ++next_[lane];
      at_ += record.size();
      return true;
    }
    return false;
  }

  /// Of both lanes the one of which more is there: the other's few bytes may look alike.
  bool torn_record() {
    const size_t parts[] = {torn_part(0), torn_part(1)};
    const int lane = parts[0] >= parts[1] ? 0 : 1;
    const size_t most = parts[lane];
    if (most == 0) return false;
    const Bytes& record = lanes_[lane].record(next_[lane]);
    ++next_[lane];
    const size_t part = most - too_many(at_ + most, most);
    at_ += part;
    unwritten_[lane] = record.size() - part;
    return true;
  }

  /// How much of the lane's call in progress, if it has one, begins here.
  size_t torn_part(int lane) {
    if (next_[lane] != lanes_[lane].accepted || next_[lane] >= lanes_[lane].attempted) return 0;
    return part_of(lanes_[lane].record(next_[lane]), have_, at_);
  }

  /// The bytes behind a torn record may happen to be as its own would have been.
  size_t too_many(size_t end, size_t most) {
    for (size_t back = 0; back < std::min<size_t>(most, 4); ++back)
      if (end - back == have_.size() || begins_at(end - back)) return back;
    return 0;
  }

  /// Up to where the next expected record begins.
  void strange_bytes() {
    const size_t start = at_;
    bool zeros = true;
    for (bool known = false; at_ < have_.size() && !known; known = begins_at(at_)) {
      zeros &= have_[at_] == 0;
      ++at_;
    }
    if (zeros && is_gap(at_ - start)) {
      ++verdict_.gaps;
      return;
    }
    text_ << at_ - start << (zeros ? " zeros" : " strange bytes") << " at " << start
          << " (in progress:";
    for (const Done& lane : lanes_)
      text_ << " " << (lane.attempted > lane.accepted ? lane.ops[lane.accepted].length : 0);
    text_ << "); ";
  }

  /// The rest of a call in progress, behind which another process had written already.
  bool is_gap(size_t bytes) {
    if (!two_processes(lanes_[0].plan.way)) return false;
    for (int lane = 0; lane < Block::kLanes; ++lane) {
      const Done& done = lanes_[lane];
      const bool in_progress = next_[lane] == done.accepted && done.attempted > done.accepted;
      if (in_progress) unwritten_[lane] = done.ops[done.accepted].length;
      if (unwritten_[lane] != bytes) continue;
      if (in_progress) ++next_[lane];
      unwritten_[lane] = 0;
      return true;
    }
    return false;
  }

  bool begins_at(size_t at) {
    constexpr size_t kEnough = 16;
    for (int lane = 0; lane < Block::kLanes; ++lane)
      if (next_[lane] < lanes_[lane].attempted &&
          part_of(lanes_[lane].record(next_[lane]), have_, at) >= kEnough)
        return true;
    return false;
  }

  void look_for_the_rest(int lane) {
    Done& done = lanes_[lane];
    verdict_.accepted += done.bytes_accepted();
    for (size_t i = next_[lane]; i < done.accepted; ++i) {
      const Bytes& record = done.record(i);
      if (record.empty()) continue;      // a call that writes nothing
      constexpr size_t kLookedFor = 20;  // the others are lost too
      const bool elsewhere =
          i < next_[lane] + kLookedFor &&
          std::search(have_.begin(), have_.end(), record.begin(), record.end()) != have_.end();
      if (!elsewhere) verdict_.lost += record.size();
      if (text_.tellp() < kEnoughText)
        text_ << "lane " << lane << ": record " << i << " of " << done.accepted << ", "
              << record.size() << " bytes, is " << (elsewhere ? "in the wrong place; " : "lost; ");
    }
  }

  Done lanes_[Block::kLanes];
  Bytes have_;
  size_t at_ = 0;
  size_t next_[Block::kLanes] = {};
  size_t unwritten_[Block::kLanes] = {};  // of the call in progress, after the part that was found
  Verdict verdict_;
  std::ostringstream text_;
};

}  // namespace

void Verdict::add(const Verdict& other) {
  accepted += other.accepted;
  lost += other.lost;
  gaps += other.gaps;
  if (other.violation.empty()) return;
  if (!violation.empty()) violation += "; ";
  violation += other.violation;
}

Verdict check(const Plan& plan, const Block& block, const std::string& directory) {
  if (shares_position(plan.way)) return Parser(plan, block, read_whole(directory + "/a")).parse();
  Verdict verdict = check_places(Done(plan, block, 0), directory + "/a");
  if (plan.way == Way::kThreadsTwo)
    verdict.add(check_places(Done(plan, block, 1), directory + "/b"));
  return verdict;
}

}  // namespace kills
