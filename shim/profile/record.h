// The memory in which profiled processes leave what was seen of them, and `seqshim profile` finds
// it: a memfd of the command's, a header and a slot for each process that writes. What is in there
// survives whatever becomes of the process, kills and exec included; at worst the call that was
// just being noted is missing, or noted by half.
//
// Both sides are of one build. Zero is empty throughout.
#pragma once

#include <linux/limits.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "shim/profile/access_pattern.h"

namespace seqshim::profiling {

/// The variable that names the memory, as a path.
inline constexpr char kVariable[] = "SEQSHIM_PROFILE";

inline constexpr size_t kMaxFiles = 256;    // of a process; of further ones bytes are summed up
inline constexpr size_t kMaxStacks = 1024;  // likewise
inline constexpr size_t kMaxModules = 256;
inline constexpr size_t kMaxFrames = 48;
inline constexpr uint32_t kMaxProcesses = 2048;
inline constexpr size_t kPathBytes = 400;  // of a longer one the end is kept

/// By what the program wrote.
enum class Via : uint8_t {
  kWrite,
  kPwrite,
  kWritev,
  kPwritev,
  kStream,  // stdio
  kPrint,   // dprintf
  kCopyFileRange,
  kSendfile,
  kSplice,
  kCount
};

struct FileRecord {
  std::atomic<uint32_t> used;  // set last
  uint32_t flags;              // of the open descriptions seen, as fcntl(F_GETFL) has them
  uint64_t device, inode;
  int64_t born_ns;        // 0: the file system doesn't say
  uint64_t file_system;   // its magic number
  bool locked;            // by fcntl, flock or lockf
  char path[kPathBytes];  // as the kernel named it when the file was first written
  AccessPattern pattern;
};

/// Call paths that are the same frame by frame are one. What they add up to is estimated from the
/// calls that were looked at, see Sampler.
struct StackRecord {
  std::atomic<uint32_t> used;  // set last
  uint16_t depth;
  Via via;
  bool cut;  // there were more frames
  uint64_t samples;
  double calls, bytes, write_ns;
  std::array<uint64_t, kMaxFrames> frames;  // the calls' addresses, the innermost first
};

/// An executable mapping of a file.
struct ModuleRecord {
  std::atomic<uint32_t> used;  // set last
  uint64_t start, end;
  uint64_t bias;  // what the addresses in the file have to be raised by
  char path[kPathBytes];
};

struct ProcessRecord {
  std::atomic<uint32_t> used;  // set when the slot can be read
  int32_t pid;
  uint64_t start_ns, last_ns;       // CLOCK_MONOTONIC: of what was seen of it
  char program[kPathBytes];         // its executable
  char arguments[kPathBytes];       // the words it was started with, cut to fit
  std::atomic<uint64_t> missed;     // calls that came while nothing could be noted
  std::atomic<uint32_t> sandboxed;  // it restricts its own system calls: not watched any longer
  uint64_t samples, sampling_ns;    // call sites looked at, and what that took
  // Beyond kMaxFiles:
  uint64_t calls_of_unlisted_files, bytes_of_unlisted_files, ns_of_unlisted_files;
  // Beyond kMaxStacks:
  uint64_t unlisted_samples;  // beyond kMaxStacks
  double calls_of_unlisted_stacks, bytes_of_unlisted_stacks, ns_of_unlisted_stacks;
};

struct Slot {
  ProcessRecord process;
  std::array<FileRecord, kMaxFiles> files;
  std::array<StackRecord, kMaxStacks> stacks;
  std::array<ModuleRecord, kMaxModules> modules;
};

inline constexpr size_t kSlotBytes = size_t{1} << 20;
static_assert(sizeof(Slot) <= kSlotBytes);

struct Header {
  char magic[8];       // kMagic
  uint64_t slot_size;  // sizeof(Slot): whether both sides are of one build
  uint32_t slots;
  uint32_t every;                          // see Sampler
  std::atomic<uint32_t> claimed;           // slots that were asked for, more perhaps than there are
  std::atomic<uint32_t> turned_away;       // processes that got none
  std::atomic<uint32_t> blind_to_streams;  // 1: what stdio writes couldn't be seen
  char patterns[60 << 10];                 // of the files to watch, see PatternList; ends at a zero
};

inline constexpr char kMagic[8] = {'s', 'e', 'q', 'p', 'r', 'o', 'f', '1'};
inline constexpr size_t kHeaderBytes = size_t{64} << 10;
static_assert(sizeof(Header) <= kHeaderBytes);

inline constexpr size_t offset_of_slot(uint32_t index) { return kHeaderBytes + index * kSlotBytes; }

}  // namespace seqshim::profiling
