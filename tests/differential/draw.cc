#include "tests/differential/draw.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <iterator>

#include "tests/differential/actor.h"
#include "tests/differential/paths.h"
#include "tests/differential/stream.h"

namespace differential {
namespace {

constexpr int kUnlimited = 1 << 20;

bool is(const Op& op, const char* name) { return std::strcmp(op.name, name) == 0; }

int total_weight(Group group) {
  int total = 0;
  for (const Op& op : kOps) total += op.weight[group];
  return total;
}

}  // namespace

Drawer::Drawer(uint64_t seed, Group group, const Settings& settings, std::string without)
    : random_(seed),
      group_(group),
      settings_(settings),
      without_(std::move(without)),
      asks_for_holes_(random_.percent(50)),
      budget_{kUnlimited, random_.percent(25), 2, 1, 2, kUnlimited} {
  if (group == kStdio) budget_[static_cast<int>(Cost::kSlow)] = 1;
  if (group == kProcessTree) {
    budget_[static_cast<int>(Cost::kProcess)] = 6;
    budget_[static_cast<int>(Cost::kShell)] = 2;
  }
  if (random_.percent(60)) budget_[static_cast<int>(Cost::kShell)] = 0;
}

Script Drawer::draw() {
  Script script;
  for (int64_t i = random_.between(1, 3); i > 0; --i) {
    script.push_back(draw_step(*find_op("open")));
    Args& args = script.back().args;
    args[0] = i;
    args[2] = (args[2] | O_CREAT) & ~O_EXCL;
    args[4] = 15;  // plain open()
    if (settings_.append) settle_append(script.back());
    note(script.back());
  }
  if (random_.percent(group_ == kProcessTree ? 25 : 6)) {  // opened before the shim was there
    script.insert(script.begin(), {find_op("exec"), {3, 1}});
    script.push_back({find_op("exec"), {3, 2}});
  }
  add_steps(script, random_.between(20, 100), 0);
  if (random_.percent(70)) script.push_back(draw_step(*find_op("finish")));
  return script;
}

void Drawer::add_steps(Script& script, int64_t count, int depth) {
  for (int64_t i = 0; i < count; ++i) {
    const Op& op = draw_op();
    --budget_[static_cast<int>(op.cost)];
    script.push_back(draw_step(op));
    note(script.back());
    if (op.block) draw_block(script, op, depth);
  }
}

void Drawer::draw_block(Script& script, const Op& op, int depth) {
  const unsigned before = open_;
  if (!is(op, "fork")) open_ &= ~close_on_exec_;
  if (depth < 3) add_steps(script, random_.between(1, 7), depth + 1);
  script.push_back({find_op("end"), {}});
  open_ = before;
}

bool Drawer::affordable(const Op& op) const { return budget_[static_cast<int>(op.cost)] > 0; }

/// What would do nothing, and what a sequence as a whole has opted out of.
bool Drawer::forbidden(const Op& op) const {
  if (without_.find(std::string(",") + op.name + ",") != std::string::npos) return true;
  if (streams_ == 0 && std::strncmp(op.args, "file", 4) == 0) return true;
  if (maps_ == 0 && std::strncmp(op.args, "mapping", 7) == 0) return true;
  // SEQSHIM_APPEND=1 promises one appender: no shell's >>, no O_APPEND from elsewhere.
  const bool appends = op.cost == Cost::kShell || is(op, "status_flags") || is(op, "fopen") ||
                       is(op, "fdopen") || is(op, "freopen") || is(op, "spawn") || is(op, "link") ||
                       is(op, "rename") || is(op, "exec") || is(op, "turns") ||
                       is(op, "turns_by_path") || is(op, "handler_acts");
  const bool blurs_holes = is(op, "fallocate") || is(op, "map_store");
  return (settings_.append && appends) || (asks_for_holes_ && blurs_holes);
}

const Op& Drawer::draw_op() {
  if (open_ == 0 && random_.percent(60)) return *find_op("open");
  for (;;) {
    int64_t at = random_.below(total_weight(group_));
    for (const Op& op : kOps) {
      at -= op.weight[group_];
      if (at >= 0) continue;
      if (affordable(op) && !forbidden(op)) return op;
      break;
    }
  }
}

Step Drawer::draw_step(const Op& op) {
  Step step{&op, {}};
  for (const ArgName& name : arg_names(op)) step.args.push_back(draw_arg(name));
  if (settings_.append) settle_append(step);
  return step;
}

int64_t Drawer::draw_arg(const ArgName& name) {
  if (name.bound > 0) return random_.below(name.bound);
  if (name.name == "fd") return draw_slot();
  if (name.name == "to") return random_.below(Actor::kSlots);
  if (name.name == "file") return draw_of(streams_, Actor::kFiles);
  if (name.name == "mapping") return draw_of(maps_, Actor::kMaps);
  if (name.name == "path" || name.name == "target") return draw_path();
  if (name.name == "oflags") return draw_flags();
  if (name.name == "mode") return draw_mode();
  if (name.name == "offset") return draw_offset();
  if (name.name == "length") return draw_length();
  if (name.name == "smode") return random_.below(std::size(kStreamModes));
  if (name.name == "small") return draw_small();
  if (name.name == "count") return random_.between(1, 60);
  if (name.name == "few") return random_.between(1, 12);
  if (name.name == "blocks") return random_.between(1, 24);
  if (name.name == "shape") return random_.below(1 << 20);
  if (name.name == "when") return random_.between(1, 9999);
  if (name.name == "whence") {
    return asks_for_holes_ ? random_.pick({0, 0, 1, 1, 2, 3, 4}) : random_.below(3);
  }
  return draw_size();
}

int64_t Drawer::draw_of(unsigned set, int64_t bound) {
  int64_t one = random_.below(bound);
  for (int tries = 0; tries < 8 && (set >> one & 1) == 0; ++tries) one = random_.below(bound);
  return one;
}

int64_t Drawer::draw_slot() {
  if (random_.percent(10)) favourite_ = random_.below(Actor::kSlots);
  if (random_.percent(45) && (open_ >> favourite_ & 1) != 0) return favourite_;
  if (random_.percent(4)) return random_.pick({Actor::kSlots, Actor::kSlots, Actor::kSlots + 1});
  for (int tries = 0; tries < 12; ++tries) {
    const int64_t slot = random_.below(Actor::kSlots);
    if ((open_ >> slot & 1) != 0) return favourite_ = slot;
  }
  return random_.below(Actor::kSlots);
}

int64_t Drawer::draw_size() {
  const int64_t bound = random_.pick({512, 4096, settings_.cluster, settings_.cluster, 10240});
  const int64_t choice = random_.below(100);
  if (choice < 3) return 0;
  if (choice < 45) return random_.between(1, 100);
  if (choice < 65) return bound + random_.between(-1, 1);
  if (choice < 90) return random_.between(1, 12000);
  if (choice < 97) return random_.between(1, 3 * settings_.cluster);
  return random_.between(1, 300 * 1024);
}

/// Of what stops at the end of its source: also much more than there is.
int64_t Drawer::draw_length() {
  return random_.percent(12) ? random_.pick({int64_t{1} << 40, -1, 2 << 20}) : draw_size();
}

int64_t Drawer::draw_small() {
  return random_.percent(20) ? random_.pick({1, 64, 511, 512, 4096}) : random_.between(1, 1500);
}

int64_t Drawer::draw_offset() {
  const int64_t choice = random_.below(100);
  if (choice < 20) return 0;
  if (choice < 40) return random_.between(1, 5000);
  if (choice < 65) return random_.between(0, 6) * settings_.cluster + random_.between(-1, 1);
  if (choice < 75) return random_.between(0, 30) * 4096;
  if (choice < 93) return random_.between(0, 150000);
  if (choice < 96) return random_.between(0, 1 << 20);
  return -random_.between(1, 5000);
}

int64_t Drawer::draw_flags() {
  int64_t flags = random_.pick({O_RDWR, O_RDWR, O_RDWR, O_RDWR, O_WRONLY, O_WRONLY, O_RDONLY});
  if (random_.percent(85)) flags |= O_CREAT;
  if (random_.percent(25)) flags |= O_TRUNC;
  if (random_.percent(25)) flags |= O_CLOEXEC;
  if (random_.percent(12)) flags |= O_APPEND;
  const int64_t rare = random_.below(200);
  if (rare < 6) flags |= O_EXCL;
  if (rare >= 10 && rare < 20) flags |= O_NOFOLLOW;
  if (rare == 20 && random_.percent(30)) flags |= random_.percent(50) ? O_SYNC : O_DSYNC;  // slow
  if (rare >= 24 && rare < 27) flags = (flags & ~O_ACCMODE) | O_RDONLY | O_DIRECT;
  if (rare == 30) flags |= O_PATH;
  if (rare >= 31 && rare < 35) flags |= O_NONBLOCK;
  if (rare == 36) flags |= O_ACCMODE;
  return flags;
}

int64_t Drawer::draw_mode() { return random_.pick({0644, 0644, 0600, 0666, 0400, 0755, 0}); }

int64_t Drawer::draw_path() {
  int64_t path = 0;
  for (int tries = random_.percent(30) ? 1 : 4; tries > 0; --tries) {  // mostly one that exists
    path = random_.pick({0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 5, 6});
    if ((paths_ >> path & 1) != 0) break;
  }
  return path;
}

/// In a sequence with SEQSHIM_APPEND=1, O_APPEND means file 0 and slot 0, and file 0 means that.
void Drawer::settle_append(Step& step) const {
  if (!is(*step.op, "open")) return;
  const bool append = (step.args[2] & O_APPEND) != 0;
  if (append) {
    step.args[0] = step.args[1] = 0;
  } else {
    if (step.args[0] == 0) step.args[0] = 1;
    if (step.args[1] == 0) step.args[1] = 1;
  }
}

void Drawer::note(const Step& step) {
  const std::vector<ArgName> names = arg_names(*step.op);
  for (size_t i = 0; i < names.size(); ++i) {
    const unsigned bit = 1U << (step.args[i] & 31);
    if (names[i].name == "to") open_ |= bit, close_on_exec_ &= ~bit;
    if (names[i].name == "stream") streams_ |= bit;
    if (names[i].name == "map") maps_ |= bit;
  }
  const Op& op = *step.op;
  const unsigned first = step.args.empty() ? 0 : 1U << (step.args[0] & 31);
  if (is(op, "open")) note_open(step.args);
  if (is(op, "close")) open_ &= ~first;
  if (is(op, "unlink") || is(op, "rename")) paths_ &= ~first;
  if (is(op, "rename")) paths_ |= 1U << step.args[1];
  if (is(op, "redirect")) streams_ |= 1U << (Actor::kOwnFiles + step.args[1]);
  if (is(op, "redirect_stdout")) streams_ |= 1U << (Actor::kOwnFiles + 1);
  if (is(op, "fclose")) streams_ &= ~first;
  if (is(op, "close_from") && step.args[0] < 3) open_ = 0;
  if (is(op, "exec")) {
    streams_ &= ~0U << Actor::kOwnFiles;  // their descriptors stay
    maps_ = 0;
    open_ &= ~close_on_exec_;
  }
}

void Drawer::note_open(const Args& args) {
  const unsigned slot = 1U << args[0], path = 1U << args[1];
  const bool makes = (args[2] & O_CREAT) != 0 && args[4] != 5 && args[4] != 6;
  const bool there = (paths_ & path) != 0;
  if (there ? (args[2] & O_EXCL) != 0 : !makes) {
    open_ &= ~slot;  // fails
  } else {
    if (args[1] != kPathCount - 1) paths_ |= path;
    if ((args[2] & O_CLOEXEC) != 0) close_on_exec_ |= slot;
  }
}

}  // namespace differential
