#include "tests/kills/plan.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "tests/differential/random.h"

namespace kills {
namespace {

using differential::Random;

constexpr const char* kKindNames[] = {"kill",         "term",          "stop-kill",  "segv",
                                      "abort",        "pipe",          "exit-group", "exec-static",
                                      "exec",         "overflow",      "memory",     "early",
                                      "late",         "many",          "idle",       "guard-first",
                                      "guard-killed", "guard-stopped", "both-killed"};
constexpr const char* kWayNames[] = {"write",  "writev",      "pwrite",      "mixed",  "stdio",
                                     "append", "threads-one", "threads-two", "forked", "inherited"};

constexpr size_t kMostOps = 3000;
constexpr int64_t kSmallest = 64, kLargest = 1 << 20;

/// As many of each magnitude.
int64_t spread(Random& random, int64_t least, int64_t most) {
  const double part = static_cast<double>(random.below(1 << 20)) / (1 << 20);
  return static_cast<int64_t>(
      static_cast<double>(least) *
      std::pow(static_cast<double>(most) / static_cast<double>(least), part));
}

/// Draws one lane's calls.
class Calls {
 public:
  Calls(Random& random, Way way, int idle_ms) : random_(random), way_(way), idle_ms_(idle_ms) {
    fixed_ = random.percent(40) ? random.pick({64, 100, 512, 4096, 10240, 65536}) : 0;
    most_ = random.pick({512, 65536, 65536, kLargest});
  }

  std::vector<Op> draw() {
    const int64_t total = spread(random_, 16 << 10, 4 << 20);
    for (int64_t written = 0; written < total && ops_.size() < kMostOps;) {
      maybe_pause();
      add();
      written += ops_.back().length;
    }
    if (way_ == Way::kStdio) put(Op::kFlush, 0, 0);
    return std::move(ops_);
  }

 private:
  uint32_t length() {
    return static_cast<uint32_t>(fixed_ != 0 ? fixed_ : spread(random_, kSmallest, most_));
  }
  void put(Op::Type type, int64_t offset, uint32_t length) {
    ops_.push_back({type, offset, length});
    if (length > 0) size_ = std::max(size_, offset + length);
  }
  void next(Op::Type type) {
    const uint32_t bytes = length();
    put(type, position_, bytes);
    position_ += bytes;
  }
  void patch(Op::Type type, int64_t beyond) {
    const uint32_t bytes = length();
    const int64_t offset = beyond > 0 ? size_ + random_.below(beyond) : random_.below(size_ + 1);
    put(type, offset, bytes);
    if (type == Op::kSeekWrite) position_ = offset + bytes;
  }
  void cut() {
    size_ = random_.percent(70) ? random_.below(size_ + 1) : size_ + random_.below(100000);
    put(Op::kTruncate, size_, 0);
  }

  /// Around as long as bytes may rest: what rests is written, or just about to be, and goes on.
  void maybe_pause() {
    constexpr int kMostPauses = 3;
    if (idle_ms_ == 0 || idle_ms_ > 100 || pauses_ == kMostPauses || !random_.percent(2)) return;
    ++pauses_;
    put(Op::kPause, random_.below(2000L * idle_ms_), 0);
  }

  void add() {
    switch (way_) {
      case Way::kWritev:
        return next(Op::kWritev);
      case Way::kPwrite:
        return add_pwrite();
      case Way::kMixed:
        return add_mixed();
      case Way::kStdio:
        return random_.percent(15) ? put(Op::kFlush, 0, 0) : next(Op::kWrite);
      default:
        return next(random_.percent(90) ? Op::kWrite : Op::kWritev);
    }
  }
  void add_pwrite() {
    if (random_.percent(85)) return next(Op::kPwrite);
    patch(Op::kPwrite, random_.percent(30) ? 65536 : 0);
    if (random_.percent(50)) position_ = size_;
  }
  void add_mixed() {
    const int64_t which = random_.below(100);
    if (which < 70) return next(Op::kWrite);
    if (which < 78) return next(Op::kWritev);
    if (which < 86) return patch(Op::kPwrite, 0);
    if (which < 88) return patch(Op::kPwrite, 65536);
    if (which < 93) return patch(Op::kSeekWrite, random_.percent(20) ? 65536 : 0);
    if (which < 97) return cut();
    put(Op::kSync, 0, 0);
  }

  Random& random_;
  Way way_;
  int idle_ms_, pauses_ = 0;
  int64_t fixed_, most_;
  int64_t position_ = 0, size_ = 0;
  std::vector<Op> ops_;
};

void draw_settings(Random& random, Plan& plan) {
  plan.cluster = random.pick({4096, 16384, 65536, 65536, 262144, 1 << 20});
  plan.memory = std::max(random.pick({2, 8, 32}) * plan.cluster, random.pick({0, 0, 64 << 20}));
  plan.direct_min = random.pick({0, 0, 256 << 10});
  plan.depth = static_cast<int>(random.between(1, 8));
  plan.sync_engine = random.percent(35);
  plan.idle_ms = static_cast<int>(random.pick({0, 1, 20, 1000}));
  if (plan.kind == Kind::kIdle) plan.idle_ms = 100;
}

void draw_end(Random& random, Plan& plan) {
  const auto calls = static_cast<int64_t>(plan.lanes[0].size());
  plan.instant = static_cast<uint64_t>(random.between(1, calls));
  plan.delay = random.percent(30) ? 0 : spread(random, 1, 2000);
  plan.actor = static_cast<Actor>(random.below(3));
  plan.end = static_cast<End>(random.below(static_cast<int64_t>(End::kEnds)));
  const int64_t victims = two_processes(plan.way) ? random.pick({1, 2, 3, 3}) : 1;
  for (int lane = 0; lane < Block::kLanes; ++lane) plan.victims[lane] = (victims >> lane & 1) != 0;
  switch (plan.kind) {
    case Kind::kLate:
      plan.may_end = true;
      plan.instant = static_cast<uint64_t>(std::max<int64_t>(calls - random.between(0, 2), 1));
      break;
    case Kind::kGuardKilled:
    case Kind::kGuardStopped:
      plan.may_end = true;
      break;
    case Kind::kEarly:
      plan.victims[0] = true;
      break;
    case Kind::kIdle:
      plan.instant = static_cast<uint64_t>(calls);
      break;
    default:
      break;
  }
  plan.split = static_cast<uint64_t>(random.below(static_cast<int64_t>(plan.instant)));
}

}  // namespace

const char* name_of(Kind kind) { return kKindNames[static_cast<size_t>(kind)]; }
const char* name_of(Way way) { return kWayNames[static_cast<size_t>(way)]; }

Plan draw(Kind kind, uint64_t seed, Way forced) {
  Random random(seed * static_cast<uint64_t>(Kind::kKinds) + static_cast<uint64_t>(kind));
  Plan plan;
  plan.seed = seed;
  plan.kind = kind;
  plan.way = static_cast<Way>(random.below(static_cast<int64_t>(Way::kWays)));
  if (forced != Way::kWays) plan.way = forced;
  draw_settings(random, plan);
  const bool two = shares_position(plan.way) || plan.way == Way::kThreadsTwo;
  for (int lane = 0; lane < (two ? 2 : 1); ++lane)
    plan.lanes[static_cast<size_t>(lane)] = Calls(random, plan.way, plan.idle_ms).draw();
  draw_end(random, plan);
  return plan;
}

std::vector<std::string> Plan::settings() const {
  return {"SEQSHIM_CLUSTER=" + std::to_string(cluster),
          "SEQSHIM_MEMORY=" + std::to_string(memory),
          "SEQSHIM_DIRECT_MIN=" + std::to_string(direct_min),
          "SEQSHIM_DEPTH=" + std::to_string(depth),
          "SEQSHIM_IDLE_MS=" + std::to_string(idle_ms),
          std::string("SEQSHIM_ENGINE=") + (sync_engine ? "sync" : "thread"),
          std::string("SEQSHIM_APPEND=") + (way == Way::kAppend ? "1" : "0")};
}

std::string Plan::text() const {
  constexpr const char* kActors[] = {"between calls", "by a handler", "by a thread"};
  constexpr const char* kEnds[] = {"close", "return", "_exit", "quick_exit"};
  std::ostringstream text;
  text << "--kind " << name_of(kind) << " --from " << seed << ": " << name_of(way) << ", "
       << lanes[0].size() << "+" << lanes[1].size() << " calls, after " << instant << " calls and "
       << delay << " us, " << kActors[static_cast<int>(actor)] << ", end "
       << kEnds[static_cast<int>(end)] << ", victims " << victims[0] << victims[1] << "\n ";
  for (const std::string& setting : settings()) text << " " << setting;
  return text.str();
}

}  // namespace kills
