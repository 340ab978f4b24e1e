// What is drawn from a seed: what a writer writes, how, and when and how it dies.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/kills/block.h"

namespace kills {

enum class Kind : uint8_t {
  kKill,          // SIGKILL from outside
  kTerm,          // SIGTERM from outside, default action
  kStopKill,      // SIGSTOP, then SIGKILL
  kSegv,          // a bad store
  kAbort,         // abort()
  kPipe,          // SIGPIPE
  kExitGroup,     // by one instruction, not through libc
  kExecStatic,    // the same, to a static program
  kExecDynamic,   // and to one with the shim in it
  kOverflow,      // of the stack
  kMemory,        // the OOM killer, in a memory cgroup
  kEarly,         // SIGKILL while the process starts
  kLate,          // SIGKILL while it closes and ends
  kMany,          // many writers, all killed at once
  kIdle,          // bytes rest: they must come to the file by themselves; then SIGKILL
  kGuardFirst,    // SIGKILL for the guard, and some time later for the writer
  kGuardKilled,   // SIGKILL for the guard alone, or also for its heir
  kGuardStopped,  // SIGSTOP for the guard
  kBothKilled,    // for all: what is lost is measured
  kKinds
};
const char* name_of(Kind kind);

enum class Way : uint8_t {
  kWrite,
  kWritev,
  kPwrite,      // in sequence, and with jumps
  kMixed,       // all of them, lseek, ftruncate and fsync on one description
  kStdio,       // fwrite, and fflush now and then
  kAppend,      // O_APPEND with SEQSHIM_APPEND=1
  kThreadsOne,  // two threads on one description
  kThreadsTwo,  // two threads on a file each
  kForked,      // two processes on one description
  kInherited,   // the second one after an exec
  kWays
};
const char* name_of(Way way);

/// Two lanes that take turns at one position: where a record comes to lie isn't known beforehand.
inline bool shares_position(Way way) {
  return way == Way::kThreadsOne || way == Way::kForked || way == Way::kInherited;
}
inline bool two_processes(Way way) { return way == Way::kForked || way == Way::kInherited; }
inline int file_of(Way way, int lane) { return way == Way::kThreadsTwo ? lane : 0; }

struct Op {
  enum Type : uint8_t { kWrite, kWritev, kPwrite, kSeekWrite, kTruncate, kSync, kFlush, kPause };
  Type type;
  int64_t offset;  // where the record comes to lie; the new size; microseconds
  uint32_t length;
};

/// Who does what kills, if it isn't done from outside.
enum class Actor : uint8_t { kBetweenCalls, kHandler, kThread };
/// How a writer ends that may.
enum class End : uint8_t { kClose, kReturn, kExitAtOnce, kQuickExit, kEnds };

struct Plan {
  uint64_t seed = 0;
  Kind kind = Kind::kKill;
  Way way = Way::kWrite;
  // the shim's settings
  int64_t cluster = 1 << 20, memory = 64 << 20, direct_min = 0;
  int depth = 4, idle_ms = 1000;
  bool sync_engine = false;
  // the end
  uint64_t instant = 0;  // after so many calls of the first lane
  int64_t delay = 0;     // and then microseconds
  uint64_t split = 0;    // two processes: there are two after so many calls, fewer than `instant`
  Actor actor = Actor::kBetweenCalls;
  bool victims[Block::kLanes] = {};
  bool may_end = false;  // who has written everything ends; else it waits to be killed
  End end = End::kClose;
  std::array<std::vector<Op>, Block::kLanes> lanes;  // empty: there is no such lane

  std::vector<std::string> settings() const;
  std::string text() const;
};

Plan draw(Kind kind, uint64_t seed, Way forced = Way::kWays);

}  // namespace kills
