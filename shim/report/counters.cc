#include "shim/report/counters.h"

namespace seqshim {
namespace {

constexpr std::array kHandBackNames = {
    std::string_view("none"),    std::string_view("stdio"),      std::string_view("mapped"),
    std::string_view("locked"),  std::string_view("random"),     std::string_view("memory-fs"),
    std::string_view("append"),  std::string_view("own-direct"), std::string_view("descriptors"),
    std::string_view("memory"),  std::string_view("error"),      std::string_view("async"),
    std::string_view("sandbox"), std::string_view("space"),      std::string_view("unseen"),
    std::string_view("small"),
};
static_assert(kHandBackNames.size() == static_cast<size_t>(HandBack::kCount));

constexpr std::array kRungNames = {
    std::string_view("undecided"),   std::string_view("direct"), std::string_view("dontcache"),
    std::string_view("drop-behind"), std::string_view("plain"),
};
static_assert(kRungNames.size() == static_cast<size_t>(Rung::kCount));

}  // namespace

uint64_t SizeHistogram::total() const {
  uint64_t sum = 0;
  for (const uint64_t n : count) sum += n;
  return sum;
}

size_t SizeHistogram::commonest() const {
  size_t best = 0;
  for (size_t bucket = 1; bucket < count.size(); ++bucket) {
    if (count[bucket] > 0 && count[bucket] >= count[best]) best = bucket;
  }
  return best;
}

void SizeHistogram::add(const SizeHistogram& other) {
  for (size_t bucket = 0; bucket < count.size(); ++bucket) count[bucket] += other.count[bucket];
}

void Counters::add(const Counters& other) {
  writes.add(other.writes);
  direct_writes.add(other.direct_writes);
  bytes_written += other.bytes_written;
  jumps += other.jumps;
  bytes_direct += other.bytes_direct;
  bytes_buffered += other.bytes_buffered;
  bytes_passed += other.bytes_passed;
  calls_passed += other.calls_passed;
  drains += other.drains;
  waits += other.waits;
  wait_ns += other.wait_ns;
  errors += other.errors;
  for (size_t i = 0; i < hand_backs.size(); ++i) hand_backs[i] += other.hand_backs[i];
}

std::string_view name_of(HandBack reason) {
  const auto index = static_cast<size_t>(reason);
  return index < kHandBackNames.size() ? kHandBackNames[index] : "unknown";
}

std::string_view name_of(Rung rung) {
  const auto index = static_cast<size_t>(rung);
  return index < kRungNames.size() ? kRungNames[index] : "unknown";
}

}  // namespace seqshim
