#include "tests/differential/actor.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdarg>
#include <cstdlib>
#include <cstring>

#include "tests/differential/ops.h"
#include "tests/support/newer_libc.h"

namespace differential {
namespace {

alignas(4096) char g_out[Actor::kBuffer + 4096];
alignas(4096) char g_in[Actor::kBuffer];

uint64_t mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

}  // namespace

void fill(char* to, size_t size, uint64_t tag) {
  uint64_t state = mix(tag + 1);
  for (size_t at = 0; at < size; at += sizeof(state)) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    const uint64_t word = state ^ (state >> 29);
    std::memcpy(to + at, &word, std::min(sizeof(word), size - at));
  }
}

uint64_t hash(const char* data, size_t size) {
  uint64_t state = size;
  for (size_t at = 0; at < size; at += sizeof(state)) {
    uint64_t word = 0;
    std::memcpy(&word, data + at, std::min(sizeof(word), size - at));
    state = (state ^ word) * 0x9e3779b97f4a7c15U;
    state ^= state >> 32;
  }
  return mix(state);
}

Actor::Actor(const char* self, const char* block_path, int depth)
    : block_(map_block(block_path, false)),
      self_(self),
      block_path_(block_path),
      script_(parse_script(block_->script)),
      depth_(depth) {
  std::fill(std::begin(slots_), std::end(slots_), -1);
}

void Actor::run(size_t from, size_t to) {
  const size_t outer = to_;
  to_ = std::min(to, script_.size());
  for (index_ = from; index_ < to_; index_ = next_) {
    next_ = index_ + 1;
    const Step& step = script_[index_];
    log("%.*s%zu %s", depth_, "||||||||", index_, step.op->name);
    step.op->run(*this, step.args);
    end_line();
  }
  to_ = outer;
}

int Actor::fd(int64_t slot) const {
  if (slot >= 0 && slot < kSlots) return slots_[slot];
  return slot == kSlots ? STDOUT_FILENO : 12345;
}

void Actor::set_fd(int64_t slot, int fd) {
  if (slot >= 0 && slot < kSlots) slots_[slot] = fd;
}

char* Actor::bytes(size_t size, unsigned part, bool aligned) {
  size = std::min(size, kBuffer);
  char* to = g_out + (aligned || index_ % 3 == 0 ? 0 : index_ * 41 % 4096);
  fill(to, size, index_ * 65536 + part);
  return to;
}

char* Actor::scratch() { return g_in; }

void Actor::log_result(long result, int error) {
  log(" = %ld", result);
  if (error != kErrnoBefore) log_error(error);
}

void Actor::log_error(int error) { log(" %s", strerrorname_np(error)); }

void Actor::log_hash(const char* data, size_t size) {
  log(" [%016lx]", static_cast<unsigned long>(hash(data, size)));
}

void Actor::log(const char* format, ...) {
  char text[512];
  va_list list;
  va_start(list, format);
  const int length = std::vsnprintf(text, sizeof(text), format, list);
  va_end(list);
  const uint32_t size = static_cast<uint32_t>(std::clamp<int>(length, 0, sizeof(text) - 1));
  if (block_->used.load() + size >= Block::kLogSize) return;
  std::memcpy(block_->log + block_->used.fetch_add(size), text, size);
}

void Actor::end_line() { log("\n"); }

Actor::Rest Actor::take_block() {
  const size_t end = std::min(block_end(script_, index_), to_);
  next_ = end + 1;
  return {index_ + 1, end};
}

std::vector<std::string> Actor::command(Rest rest, int deeper) const {
  std::string slots;
  for (int fd : slots_) slots += std::to_string(fd) + ",";
  return {self_,
          "--actor",
          block_path_,
          std::to_string(rest.from),
          std::to_string(rest.to),
          std::to_string(depth_ + deeper),
          slots};
}

void Actor::load_slots(const char* text) {
  for (int& slot : slots_) {
    char* end = nullptr;
    slot = static_cast<int>(std::strtol(text, &end, 10));
    text = *end == ',' ? end + 1 : end;
  }
}

int actor_main(int argc, char** argv) {
  if (argc != 7) return 2;
  signal(SIGXFSZ, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);  // a pipe to a child that failed: at which write is a race
  // Never freed: exit() runs while some operations' threads still use it.
  Actor* actor = new Actor(argv[0], argv[2], std::atoi(argv[5]));
  if (*argv[6] != '\0') actor->load_slots(argv[6]);
  actor->run(std::strtoull(argv[3], nullptr, 10), std::strtoull(argv[4], nullptr, 10));
  return 0;
}

}  // namespace differential
