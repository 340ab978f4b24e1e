#include "shim/cli/profile/profile_data.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <set>
#include <tuple>

#include "shim/cli/profile/memory.h"

namespace seqshim::profiling {
namespace {

constexpr std::array kViaNames = {"write",   "pwrite",          "writev",   "pwritev", "stdio",
                                  "dprintf", "copy_file_range", "sendfile", "splice"};
static_assert(kViaNames.size() == static_cast<size_t>(Via::kCount));

template <size_t room>
std::string text_in(const char (&text)[room]) {
  return {text, strnlen(text, room)};
}

/// Records of one name, or of the same path of calls, become one.
class Collector {
 public:
  void add(const Slot& slot);
  void finish(Profile& profile) const;

 private:
  struct FileEntry {
    FileProfile file{};
    std::set<std::tuple<uint64_t, uint64_t, int64_t>> files;  // device, inode and birth
    std::set<size_t> processes;
  };
  using StackKey = std::tuple<std::string, Via, std::vector<Frame>>;

  void add_process(const Slot& slot);
  void add_file(const FileRecord& record);
  void add_stack(const Slot& slot, const StackRecord& record, const Weight& scale);

  std::map<std::string, FileEntry> files_;
  std::map<StackKey, CallStack> stacks_;
  std::vector<ProcessProfile> processes_;
  uint64_t unlisted_calls_ = 0, unlisted_bytes_ = 0, unlisted_samples_ = 0;
  Weight unlisted_{};
};

// What was counted over what was estimated.
Weight scale_of(const Slot& slot, const ProcessProfile& counted) {
  const ProcessRecord& process = slot.process;
  Weight estimated{process.calls_of_unlisted_stacks, process.bytes_of_unlisted_stacks,
                   process.ns_of_unlisted_stacks};
  for (const StackRecord& stack : slot.stacks) {
    if (stack.used.load(std::memory_order_acquire) == 0) break;
    estimated.add({stack.calls, stack.bytes, stack.write_ns});
  }
  const auto ratio = [](uint64_t count, double estimate) {
    return estimate > 0 ? static_cast<double>(count) / estimate : 1;
  };
  return {ratio(counted.calls, estimated.calls), ratio(counted.bytes, estimated.bytes),
          ratio(counted.write_ns, estimated.write_ns)};
}

void Collector::add(const Slot& slot) {
  const ProcessRecord& process = slot.process;
  add_process(slot);
  const Weight scale = scale_of(slot, processes_.back());
  for (const FileRecord& file : slot.files) {
    if (file.used.load(std::memory_order_acquire) == 0) break;
    add_file(file);
  }
  for (const StackRecord& stack : slot.stacks) {
    if (stack.used.load(std::memory_order_acquire) == 0) break;
    add_stack(slot, stack, scale);
  }
  unlisted_calls_ += process.calls_of_unlisted_files;
  unlisted_bytes_ += process.bytes_of_unlisted_files;
  unlisted_samples_ += process.unlisted_samples;
  unlisted_.add(Weight{process.calls_of_unlisted_stacks, process.bytes_of_unlisted_stacks,
                       process.ns_of_unlisted_stacks}
                    .times(scale));
}

void Collector::add_process(const Slot& slot) {
  const ProcessRecord& record = slot.process;
  ProcessProfile process{};
  process.pid = record.pid;
  process.program = text_in(record.program);
  process.arguments = text_in(record.arguments);
  process.first_ns = record.start_ns;
  process.last_ns = record.last_ns;
  process.missed = record.missed.load();
  process.samples = record.samples;
  process.sampling_ns = record.sampling_ns;
  process.sandboxed = record.sandboxed.load() != 0;
  process.calls = record.calls_of_unlisted_files;
  process.bytes = record.bytes_of_unlisted_files;
  process.write_ns = record.ns_of_unlisted_files;
  for (const FileRecord& file : slot.files) {
    if (file.used.load(std::memory_order_acquire) == 0) break;
    process.calls += file.pattern.calls;
    process.bytes += file.pattern.bytes;
    process.write_ns += file.pattern.write_ns;
  }
  processes_.push_back(std::move(process));
}

void Collector::add_file(const FileRecord& record) {
  const std::string path = text_in(record.path);
  FileEntry& entry = files_[path];
  entry.files.insert({record.device, record.inode, record.born_ns});
  entry.processes.insert(processes_.size());
  FileProfile& file = entry.file;
  file.path = path;
  file.files = static_cast<unsigned>(entry.files.size());
  file.processes = static_cast<unsigned>(entry.processes.size());
  file.file_system = record.file_system;
  file.flags |= record.flags;
  file.locked |= record.locked;
  file.pattern.add(record.pattern);
}

Frame frame_at(const Slot& slot, uint64_t address) {
  for (const ModuleRecord& module : slot.modules) {
    if (module.used.load(std::memory_order_acquire) == 0) break;
    if (module.start <= address && address < module.end)
      return {text_in(module.path), address - module.bias};
  }
  return {{}, address};
}

void Collector::add_stack(const Slot& slot, const StackRecord& record, const Weight& scale) {
  std::vector<Frame> frames;
  const size_t depth = std::min<size_t>(record.depth, kMaxFrames);
  for (size_t i = 0; i < depth; ++i) frames.push_back(frame_at(slot, record.frames[i]));
  const std::string program = file_name(text_in(slot.process.program));
  const auto [place, is_new] = stacks_.try_emplace({program, record.via, frames}, CallStack{});
  CallStack& stack = place->second;
  if (is_new) {
    stack.program = program;
    stack.via = record.via;
    stack.frames = std::move(frames);
  }
  stack.cut |= record.cut;
  stack.samples += record.samples;
  stack.weight.add(Weight{record.calls, record.bytes, record.write_ns}.times(scale));
}

void Collector::finish(Profile& profile) const {
  profile.processes = processes_;
  for (const auto& [path, entry] : files_) {
    const AccessPattern& pattern = entry.file.pattern;
    if (pattern.calls + pattern.failed > 0) profile.files.push_back(entry.file);
  }
  for (const auto& [key, stack] : stacks_) profile.stacks.push_back(stack);
  std::stable_sort(
      profile.files.begin(), profile.files.end(),
      [](const FileProfile& a, const FileProfile& b) { return a.pattern.bytes > b.pattern.bytes; });
  std::stable_sort(
      profile.stacks.begin(), profile.stacks.end(),
      [](const CallStack& a, const CallStack& b) { return a.weight.bytes > b.weight.bytes; });
  profile.unlisted_calls = unlisted_calls_;
  profile.unlisted_bytes = unlisted_bytes_;
  profile.unlisted_samples = unlisted_samples_;
  profile.unlisted = unlisted_;
}

}  // namespace

Profile collect(const Memory& memory) {
  Profile profile{};
  Collector collector;
  memory.for_each_slot([&](const Slot& slot) { collector.add(slot); });
  collector.finish(profile);
  profile.processes_turned_away = memory.header().turned_away.load();
  profile.blind_to_streams = memory.header().blind_to_streams.load() != 0;
  return profile;
}

std::string name_of(Via via) {
  const auto index = static_cast<size_t>(via);
  return index < kViaNames.size() ? kViaNames[index] : "unknown";
}

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace seqshim::profiling
