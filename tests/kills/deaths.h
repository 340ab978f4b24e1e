// How a process brings about its own end.
#pragma once

#include "tests/kills/plan.h"

namespace kills {

/// False: this kind comes from outside.
bool comes_from_within(Kind kind);
/// `static_program`: what the process becomes by Kind::kExecStatic.
[[noreturn]] void die(Kind kind, const char* static_program);

constexpr int kExitGroupCode = 7;

}  // namespace kills
