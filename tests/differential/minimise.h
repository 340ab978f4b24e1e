// Cuts a differing sequence down to the lines that matter.
#pragma once

#include <chrono>
#include <functional>

#include "tests/differential/script.h"

namespace differential {

/// Drops lines, then makes numbers smaller, as long as `differs` stays true and time is left.
Script minimise(Script script, const std::function<bool(const Script&)>& differs,
                std::chrono::seconds budget);

}  // namespace differential
