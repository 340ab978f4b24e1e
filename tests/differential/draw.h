// Draws a sequence from a seed.
#pragma once

#include <cstdint>
#include <string>

#include "tests/differential/ops.h"
#include "tests/differential/random.h"
#include "tests/differential/script.h"
#include "tests/differential/settings.h"

namespace differential {

class Drawer {
 public:
  /// `without`: operations not to draw, as ",one,two,".
  Drawer(uint64_t seed, Group group, const Settings& settings, std::string without);
  Script draw();

 private:
  const Op& draw_op();
  Step draw_step(const Op& op);
  void draw_block(Script& script, const Op& op, int depth);
  void add_steps(Script& script, int64_t count, int depth);
  int64_t draw_arg(const ArgName& name);
  int64_t draw_slot();
  int64_t draw_of(unsigned set, int64_t bound);
  int64_t draw_size();
  int64_t draw_length();
  int64_t draw_small();
  int64_t draw_offset();
  int64_t draw_flags();
  int64_t draw_mode();
  int64_t draw_path();
  void settle_append(Step& step) const;
  void note(const Step& step);
  void note_open(const Args& args);
  bool affordable(const Op& op) const;
  bool forbidden(const Op& op) const;

  Random random_;
  Group group_;
  Settings settings_;
  std::string without_;
  /// By SEEK_DATA and SEEK_HOLE. The kernel's answers for unwritten extents and behind mapped
  /// stores depend on what happens to be in the page cache, so a sequence has the one or the other.
  bool asks_for_holes_;
  int64_t favourite_ = 0;
  // What is probably open (slots, streams, mappings), and what files there probably are.
  unsigned open_ = 0;
  unsigned close_on_exec_ = 0;
  unsigned paths_ = 1 << 1 | 1 << 5;
  unsigned streams_ = 0;
  unsigned maps_ = 0;
  int budget_[6];  // by Cost
};

}  // namespace differential
