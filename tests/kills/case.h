// One case: writers as a plan has them, brought to their end, and judged.
#pragma once

#include <string>
#include <vector>

#include "tests/kills/check.h"
#include "tests/kills/memory_group.h"
#include "tests/kills/plan.h"
#include "tests/kills/processes.h"

namespace kills {

struct Surroundings {
  std::string library;         // empty: nothing is preloaded
  std::string static_program;  // for Kind::kExecStatic
  std::string guard;           // SEQSHIM_GUARD; empty: not set
  std::string directory;       // of one case at a time
  const MemoryGroup* group = nullptr;
};

struct Outcome {
  Verdict verdict;
  int64_t recovery =
      -1;               // microseconds from the last writer's end to the last guard's; -1: no guard
  int64_t rested = -1;  // microseconds until bytes that rested were in the file
  uint64_t memory = 0;  // how much may be lost if the guard goes too
  int guards_found = 0;
};

class Case {
 public:
  Case(const Surroundings& surroundings, Kind kind, uint64_t seed, Way forced);
  ~Case();
  Case(const Case&) = delete;
  Case& operator=(const Case&) = delete;

  Outcome run();
  std::string text() const;

 private:
  struct Writer {
    Plan plan;
    Block* block = nullptr;
    int block_fd = -1;
    pid_t pid = -1;
    std::string directory;
  };
  /// Stands for every reason why a case can't go on.
  struct Stuck {
    std::string why;
  };

  void prepare(Writer& writer);
  void start(Writer& writer);
  [[noreturn]] void become_writer(const Writer& writer);

  void bring_about_end();
  void end_writer(Writer& writer);
  void stop_writer(Writer& writer);
  void wait_for_memory_to_end(Writer& writer);
  void kill_early(Writer& writer);
  void kill_many();
  void wait_for_instant(Writer& writer);
  void wait_for_rest(Writer& writer);
  void stop_guards(Writer& writer);
  void kill_both(Writer& writer);
  std::vector<pid_t> find_guards(const Writer& writer, bool and_heirs);
  void signal_victims(Writer& writer, int signal);
  void wait_for_victims(Writer& writer);
  void expect_end(const Writer& writer);
  void judge();

  const Surroundings& surroundings_;
  Kind kind_;
  Way forced_;
  std::vector<Writer> writers_;
  Reaper reaper_;
  Outcome outcome_;
};

}  // namespace kills
