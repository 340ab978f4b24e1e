#include "shim/profile/stack_list.h"

#include <algorithm>

#include "shim/profile/memory.h"
#include "shim/profile/modules.h"

namespace seqshim::profiling {
namespace {

uint64_t hash_of(const CallPath& path, Via via) {
  uint64_t hash = static_cast<uint64_t>(via) + 1;
  for (uint16_t i = 0; i < path.depth; ++i)
    hash = ((hash ^ path.frames[i]) * 0x9e3779b97f4a7c15) ^ (hash >> 29);
  return hash ^ (hash >> 32);
}

bool is_record_of(const StackRecord& record, const CallPath& path, Via via) {
  return record.via == via && record.depth == path.depth && record.cut == path.cut &&
         std::equal(path.frames.begin(), path.frames.begin() + path.depth, record.frames.begin());
}

StackRecord* add_stack(State& state, const CallPath& path, Via via, uint16_t& place) {
  if (state.stacks == kMaxStacks) return nullptr;
  StackRecord& record = state.slot->stacks[state.stacks];
  if (!populate(&record, sizeof record)) return nullptr;
  note_modules(state, path);
  record.via = via;
  record.depth = path.depth;
  record.cut = path.cut;
  std::copy_n(path.frames.begin(), path.depth, record.frames.begin());
  record.used.store(1, std::memory_order_release);
  place = static_cast<uint16_t>(++state.stacks);
  return &record;
}

/// Null: there is no more room.
StackRecord* stack_of(State& state, const CallPath& path, Via via) {
  size_t at = hash_of(path, via) % state.stacks_by_frames.size();
  while (state.stacks_by_frames[at] != 0) {
    StackRecord& record = state.slot->stacks[state.stacks_by_frames[at] - 1U];
    if (is_record_of(record, path, via)) return &record;
    at = (at + 1) % state.stacks_by_frames.size();
  }
  return add_stack(state, path, via, state.stacks_by_frames[at]);
}

}  // namespace

void add_sample(State& state, const CallPath& path, const Sample& sample) {
  const double bytes = static_cast<double>(sample.bytes) * sample.weight;
  const double write_ns = static_cast<double>(sample.write_ns) * sample.weight;
  if (StackRecord* const stack = stack_of(state, path, sample.via)) {
    ++stack->samples;
    stack->calls += sample.weight;
    stack->bytes += bytes;
    stack->write_ns += write_ns;
    return;
  }
  ProcessRecord& process = state.slot->process;
  ++process.unlisted_samples;
  process.calls_of_unlisted_stacks += sample.weight;
  process.bytes_of_unlisted_stacks += bytes;
  process.ns_of_unlisted_stacks += write_ns;
}

}  // namespace seqshim::profiling
