#include "shim/cli/compare/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include "shim/cli/compare/metrics.h"
#include "shim/cli/numbers.h"
#include "shim/report/counters.h"

namespace seqshim {
namespace {

constexpr double kMiB = 1 << 20;

// --- what differs, beyond noise ------------------------------------------------------------------

/// How far medians must be apart, in proportion and in itself, for anybody to care.
struct Threshold {
  double ratio, amount;
};
constexpr Threshold kTime = {1.05, 0.005};
// Which of the two a tick of 4 ms is counted for is a matter of chance.
constexpr Threshold kCpu = {1.1, 0.02};
constexpr Threshold kMemory = {2, kMiB};

enum class Change : uint8_t { kNone, kLess, kMore };

/// Of seqshim against plain.
Change change(const Pair& pair, const Threshold& threshold) {
  const auto plain = spread_of(pair.plain), shimmed = spread_of(pair.seqshim);
  if (!plain || !shimmed) return Change::kNone;
  if (std::abs(plain->median - shimmed->median) < threshold.amount) return Change::kNone;
  const auto is_less = [&threshold](const Spread& less, const Spread& more) {
    return less.high < more.low && less.median * threshold.ratio <= more.median;
  };
  if (is_less(*shimmed, *plain)) return Change::kLess;
  return is_less(*plain, *shimmed) ? Change::kMore : Change::kNone;
}

struct Differences {
  explicit Differences(const Evidence& evidence)
      : time(change(evidence.seconds, kTime)),
        system(change(evidence.system_seconds, kCpu)),
        cpu(change(evidence.cpu_seconds, kCpu)),
        left(change(evidence.left, kMemory)) {}

  Change time, system, cpu, left;
};

double median(const std::vector<double>& values) { return spread_of(values)->median; }

double saved_percent(const Pair& pair) {
  return 100 * (1 - median(pair.seqshim) / median(pair.plain));
}

std::string times(double ratio) { return fmt::format("{:.{}f}x", ratio, ratio < 9.95 ? 1 : 0); }

double ratio(const std::vector<double>& dividend, const std::vector<double>& divisor) {
  return median(dividend) / median(divisor);
}

std::string saved_cpu(const Evidence& evidence, const Differences& differences) {
  const double of_all = saved_percent(evidence.cpu_seconds);
  if (differences.system != Change::kLess) return fmt::format("saves {:.0f} % of CPU", of_all);
  const double of_system = saved_percent(evidence.system_seconds);
  if (std::abs(of_system - of_all) < 1) return fmt::format("saves {:.0f} % of CPU", of_all);
  return fmt::format("saves {:.0f} % of system CPU ({:.0f} % of all)", of_system, of_all);
}

/// Only what is written gets durable.
std::string_view until(const Evidence& evidence) {
  return evidence.files.empty() ? "" : " to durable";
}

std::vector<std::string> gains(const Evidence& evidence, const Differences& differences) {
  std::vector<std::string> found;
  // What is saved of system CPU and spent again on copying is no gain.
  if (differences.cpu == Change::kLess) found.push_back(saved_cpu(evidence, differences));
  if (differences.time == Change::kLess)
    found.push_back(fmt::format("is {} faster{}",
                                times(ratio(evidence.seconds.plain, evidence.seconds.seqshim)),
                                until(evidence)));
  if (differences.left == Change::kLess)
    found.push_back(fmt::format("leaves {:.0f} instead of {:.0f} MiB in the page cache",
                                std::max(0.0, median(evidence.left.seqshim)) / kMiB,
                                median(evidence.left.plain) / kMiB));
  return found;
}

std::vector<std::string> losses(const Evidence& evidence, const Differences& differences) {
  std::vector<std::string> found;
  if (differences.time == Change::kMore)
    found.push_back(fmt::format("takes {} as long{}",
                                times(ratio(evidence.seconds.seqshim, evidence.seconds.plain)),
                                until(evidence)));
  if (differences.cpu == Change::kMore)
    found.push_back(fmt::format("takes {} the CPU", times(ratio(evidence.cpu_seconds.seqshim,
                                                                evidence.cpu_seconds.plain))));
  if (differences.left == Change::kMore)
    found.push_back(fmt::format("leaves {:.0f} instead of {:.0f} MiB in the page cache",
                                median(evidence.left.seqshim) / kMiB,
                                median(evidence.left.plain) / kMiB));
  return found;
}

std::string within_noise(const Differences& differences) {
  std::vector<std::string> same;
  if (differences.time == Change::kNone) same.emplace_back("time");
  if (differences.cpu == Change::kNone) same.emplace_back("CPU");
  if (same.empty()) return {};
  return fmt::format("the difference in {} is within the noise", fmt::join(same, " and "));
}

std::string listed(const std::vector<std::string>& parts) {
  if (parts.empty()) return {};
  std::string text = parts.front();
  for (size_t i = 1; i < parts.size(); ++i)
    text += (i + 1 < parts.size() ? ", " : " and ") + parts[i];
  return text;
}

// --- what kept the files from going direct -------------------------------------------------------

struct Explanation {
  HandBack reason;
  std::string_view text;
};

constexpr Explanation kExplanations[] = {
    {HandBack::kStdio, "stdio uses them in a way that can't be followed"},
    {HandBack::kMapped, "they are written through mappings"},
    {HandBack::kLocked, "locks on them are how processes agree"},
    {HandBack::kMemoryFs, "they are on a file system whose storage is memory"},
    {HandBack::kAppend, "they are opened to append; --append if nobody else writes them"},
    {HandBack::kOwnDirect, "the program itself asks for O_DIRECT or O_SYNC"},
    {HandBack::kDescriptors, "no descriptor could be had"},
    {HandBack::kMemory, "no memory could be had; see --memory"},
    {HandBack::kError, "writing them failed"},
    {HandBack::kAsync, "they are written asynchronously"},
    {HandBack::kSandbox, "the program restricts its own system calls"},
    {HandBack::kSpace, "the disk, a quota or a limit is too near"},
    {HandBack::kUnseen, "they are written by calls that can't be seen"},
    {HandBack::kSmall, "they are too small"},
};

uint64_t bytes_of(const std::vector<FileEvidence>& files) {
  uint64_t bytes = 0;
  for (const FileEvidence& file : files) bytes += file.bytes;
  return bytes;
}

/// 0 to 100; of nothing 0.
double percent(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole);
}

/// Of all bytes those that the shim took.
double accepted_percent(const Evidence& evidence) {
  uint64_t accepted = 0;
  for (const FileEvidence& file : evidence.files) accepted += file.accepted;
  return percent(accepted, bytes_of(evidence.files));
}

/// Why most bytes of those that weren't taken, or else most files, were handed back.
std::string main_reason(const Evidence& evidence) {
  std::map<std::string, std::pair<uint64_t, uint64_t>> left;
  for (const FileEvidence& file : evidence.files) {
    if (file.hand_back == name_of(HandBack::kNone)) continue;
    auto& [bytes, count] = left[file.hand_back];
    bytes += file.bytes - std::min(file.bytes, file.accepted);
    ++count;
  }
  if (left.empty()) return {};
  return std::max_element(left.begin(), left.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

std::string random_writes(const Evidence& evidence) {
  uint64_t bytes = 0, passed = 0, calls = 0;
  for (const FileEvidence& file : evidence.files) {
    if (file.hand_back != name_of(HandBack::kRandom)) continue;
    bytes += file.bytes;
    passed += file.passed;
    calls += file.calls_passed;
  }
  const std::string size = calls == 0 ? "small" : size_as_adjective(passed / calls);
  return fmt::format("{:.0f} % of its bytes are random {} writes",
                     percent(bytes, bytes_of(evidence.files)), size);
}

std::string explained(const std::string& reason) {
  for (const Explanation& explanation : kExplanations) {
    if (name_of(explanation.reason) == reason)
      return fmt::format("{}: {}", reason, explanation.text);
  }
  return reason;
}

bool all_stay_small(const Evidence& evidence) {
  return std::all_of(evidence.files.begin(), evidence.files.end(), [&evidence](const auto& file) {
    return file.bytes < evidence.direct_min &&
           (file.accepted > 0 || file.hand_back == name_of(HandBack::kSmall));
  });
}

size_t rounds_of(const Evidence& evidence) {
  return std::min(evidence.seconds.plain.size(), evidence.seconds.seqshim.size());
}

constexpr size_t kEnoughRounds = 3;

/// What keeps all or most of the files from it; empty: nothing does.
std::string obstacle(const Evidence& evidence, bool surely_won) {
  constexpr double kHardlyAny = 5, kMost = 50;
  if (evidence.files.empty()) {
    if (evidence.bytes_read > 0) return {};
    return "nothing matched: no file that the patterns name was written by calls that can be seen "
           "(those of statically linked programs can't)";
  }
  if (all_stay_small(evidence))
    return fmt::format("all files stayed below {}, up to which they go through the page cache",
                       size_text(evidence.direct_min));
  // Of so little a gain is luck; of more it may be one.
  if (accepted_percent(evidence) >= (surely_won ? kHardlyAny : kMost)) return {};
  const std::string reason = main_reason(evidence);
  if (reason == name_of(HandBack::kRandom)) return random_writes(evidence);
  if (!reason.empty()) return fmt::format("its files were handed back ({})", explained(reason));
  return "hardly any of its bytes were written in a way that can be gathered";
}

/// What the sentence is about: the way in which most bytes went.
std::string subject(const Evidence& evidence) {
  if (evidence.files.empty()) return "reading past the page cache";
  std::map<std::string, uint64_t> bytes;
  for (const FileEvidence& file : evidence.files) bytes[file.rung] += file.accepted;
  const std::string& rung =
      std::max_element(bytes.begin(), bytes.end(), [](const auto& a, const auto& b) {
        return a.second < b.second;
      })->first;
  if (rung == name_of(Rung::kDirect)) return rung;
  if (rung != name_of(Rung::kDontCache) && rung != name_of(Rung::kDropBehind)) return "seqshim";
  return fmt::format("seqshim (by {}, as O_DIRECT isn't to be had there)", rung);
}

/// Of files of which a part wasn't taken.
std::string what_was_left(const Evidence& evidence) {
  constexpr double kNotWorthMentioning = 90;
  const double accepted = accepted_percent(evidence);
  const std::string reason = main_reason(evidence);
  if (evidence.files.empty() || accepted >= kNotWorthMentioning || reason.empty()) return {};
  return fmt::format("; {:.0f} % of its bytes were left to the kernel ({})", 100 - accepted,
                     reason);
}

/// After differences that noise could have made, too.
std::string about_rounds(const Evidence& evidence, const Differences& differences) {
  const bool may_be_noise = differences.time != Change::kNone || differences.cpu != Change::kNone;
  if (!may_be_noise || rounds_of(evidence) >= kEnoughRounds) return {};
  return fmt::format(" ({} too few to tell that from noise)",
                     rounds_of(evidence) == 1 ? "one round is" : "two rounds are");
}

std::string no_gain(const std::string& why, const Evidence& evidence,
                    const std::vector<std::string>& lost) {
  if (lost.empty() || rounds_of(evidence) < kEnoughRounds) return "no gain: " + why;
  return fmt::format("no gain: {}; seqshim {}", why, listed(lost));
}

}  // namespace

std::string verdict(const Evidence& evidence) {
  const Differences differences(evidence);
  const auto won = gains(evidence, differences), lost = losses(evidence, differences);
  const bool surely_won = !won.empty() && rounds_of(evidence) >= kEnoughRounds;
  if (const std::string why = obstacle(evidence, surely_won); !why.empty())
    return no_gain(why, evidence, lost);
  const std::string rounds = about_rounds(evidence, differences);
  const std::string left = what_was_left(evidence);
  if (won.empty() && lost.empty()) return "no gain: " + within_noise(differences) + left;
  if (won.empty())
    return fmt::format("no gain: {} {}{}{}", subject(evidence), listed(lost), left, rounds);
  std::string sentence = subject(evidence) + " " + listed(won);
  if (!lost.empty()) {
    sentence += ", but " + listed(lost);
  } else if (const std::string same = within_noise(differences); !same.empty()) {
    sentence += "; " + same;
  }
  return sentence + left + rounds;
}

}  // namespace seqshim
