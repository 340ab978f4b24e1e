// What the doctor finds, one fact at a time, and what it concludes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace seqshim {

enum class Mark : uint8_t { kOk, kNote, kProblem };

struct Finding {
  Mark mark = Mark::kOk;
  std::string subject = {};  // a word or two
  std::string fact = {};
  std::string meaning = {};  // what follows from it; may be empty
  std::string advice = {};   // what to do; empty: nothing
  /// What becomes of the file then, as it follows its name; empty: this isn't in the way.
  std::string blocker = {};
};

/// Two such.
inline std::string left_alone(const std::string& why) {
  return "would be left to the kernel: " + why;
}
inline std::string unwritable(const std::string& why) { return "can't be written: " + why; }

inline Finding ok(std::string subject, std::string fact, std::string meaning = {}) {
  return {Mark::kOk, std::move(subject), std::move(fact), std::move(meaning)};
}
inline Finding note(std::string subject, std::string fact, std::string meaning = {},
                    std::string advice = {}) {
  return {Mark::kNote, std::move(subject), std::move(fact), std::move(meaning), std::move(advice)};
}
inline Finding problem(std::string subject, std::string fact, std::string meaning = {},
                       std::string advice = {}) {
  return {Mark::kProblem, std::move(subject), std::move(fact), std::move(meaning),
          std::move(advice)};
}

using Findings = std::vector<Finding>;

struct Diagnosis {
  std::string subject = {};  // the path or the command, as it was given
  Findings findings = {};
  std::string verdict = {};  // one sentence
  int exit_code = 0;
  // Of a path.
  std::string way = {};  // the rung that the shim would take, as name_of() has it; empty: none
  uint32_t unit = 0;     // to which its direct writes would be aligned, in bytes; 0: it isn't known
  size_t piece = 0;      // bytes
};

/// Empty: nothing is in the way.
inline std::string first_blocker(const Findings& findings) {
  for (const Finding& finding : findings)
    if (!finding.blocker.empty()) return finding.blocker;
  return {};
}

}  // namespace seqshim
