#include "tests/differential/minimise.h"

#include <algorithm>

#include "tests/differential/ops.h"

namespace differential {
namespace {

bool is_amount(std::string_view name) {
  static constexpr std::string_view kNames[] = {"size",  "length", "offset",
                                                "small", "count",  "blocks"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

using Clock = std::chrono::steady_clock;

class Minimiser {
 public:
  Minimiser(Script script, const std::function<bool(const Script&)>& differs, Clock::time_point end)
      : script_(std::move(script)), differs_(differs), end_(end) {}

  Script run() {
    bool smaller = true;
    while (smaller && time_left()) {
      smaller = false;
      for (size_t chunk = std::max<size_t>(script_.size() / 2, 1); chunk > 0; chunk /= 2) {
        smaller |= drop_chunks(chunk);
      }
      smaller |= unwrap_blocks();
    }
    shrink_numbers();
    return script_;
  }

 private:
  bool time_left() const { return Clock::now() < end_; }

  bool accept(const Script& candidate) {
    if (!time_left() || !differs_(candidate)) return false;
    script_ = candidate;
    return true;
  }

  /// From the end, so that cutting one chunk leaves the places of the others.
  bool drop_chunks(size_t chunk) {
    bool any = false;
    for (size_t end = script_.size(); end > 0; end = end > chunk ? end - chunk : 0) {
      const size_t begin = end > chunk ? end - chunk : 0;
      Script candidate(script_.begin(), script_.begin() + static_cast<ptrdiff_t>(begin));
      candidate.insert(candidate.end(), script_.begin() + static_cast<ptrdiff_t>(end),
                       script_.end());
      any |= accept(candidate);
    }
    return any;
  }

  /// A block whose process doesn't matter: keep the lines, drop its first and its last.
  bool unwrap_blocks() {
    bool any = false;
    for (size_t i = 0; i < script_.size(); ++i) {
      if (!script_[i].op->block) continue;
      Script candidate = script_;
      const size_t end = block_end(script_, i);
      if (end < candidate.size()) candidate.erase(candidate.begin() + static_cast<ptrdiff_t>(end));
      candidate.erase(candidate.begin() + static_cast<ptrdiff_t>(i));
      any |= accept(candidate);
    }
    return any;
  }

  void shrink_numbers() {
    for (size_t i = 0; i < script_.size(); ++i) {
      const std::vector<ArgName> names = arg_names(*script_[i].op);
      for (size_t k = 0; k < names.size(); ++k) {
        if (!is_amount(names[k].name)) continue;
        while (script_[i].args[k] > 20 && try_number(i, k, script_[i].args[k] / 2)) {
        }
        const int64_t value = script_[i].args[k];
        if (value > 4096) try_number(i, k, value / 4096 * 4096);
        if (value > 100) try_number(i, k, script_[i].args[k] / 100 * 100);
      }
    }
  }

  bool try_number(size_t step, size_t arg, int64_t value) {
    Script candidate = script_;
    if (candidate[step].args[arg] == value) return false;
    candidate[step].args[arg] = value;
    return accept(candidate);
  }

  Script script_;
  const std::function<bool(const Script&)>& differs_;
  Clock::time_point end_;
};

}  // namespace

Script minimise(Script script, const std::function<bool(const Script&)>& differs,
                std::chrono::seconds budget) {
  return Minimiser(std::move(script), differs, Clock::now() + budget).run();
}

}  // namespace differential
