// Whether a dead writer's files hold every byte that was accepted, in place, and nothing else. Of a
// call in progress a part may be there, from its start on, as the kernel would leave it.
#pragma once

#include <cstdint>
#include <string>

#include "tests/kills/block.h"
#include "tests/kills/plan.h"

namespace kills {

struct Verdict {
  uint64_t accepted = 0;  // bytes
  uint64_t lost = 0;      // of these
  std::string violation;  // empty: none
  int gaps = 0;           // see README.md

  void add(const Verdict& other);
};

/// Of all the files of a plan.
Verdict check(const Plan& plan, const Block& block, const std::string& directory);

}  // namespace kills
