// Every operation, in one table: its name, its arguments, its weights, its function.
#pragma once

#include <string_view>
#include <vector>

#include "tests/differential/script.h"

namespace differential {

class Actor;

/// What an operation costs a run; the drawer gives each sequence a budget per class.
enum class Cost : uint8_t { kNone, kSync, kProcess, kShell, kSlow, kExit };

enum Group : uint8_t { kMixed, kIo, kProcessTree, kDeath, kStdio, kCopy, kGroups };

struct Op {
  const char* name;
  /// Names separated by blanks. The drawer draws by name; `name:N` is uniform in [0, N).
  const char* args;
  Cost cost;
  /// The lines up to the matching `end` run in another process.
  bool block;
  int weight[kGroups];
  void (*run)(Actor& actor, const Args& args);
};

struct ArgName {
  std::string_view name;
  int64_t bound;  // 0: drawn by name
};

extern const std::vector<Op> kOps;

const Op* find_op(std::string_view name);
std::vector<ArgName> arg_names(const Op& op);

}  // namespace differential
