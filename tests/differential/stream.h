// What every operation on a stream does: finds it, and logs what a call made of it.
#pragma once

#include <algorithm>
#include <cstdio>

#include "tests/differential/actor.h"

namespace differential {

/// The modes that an `smode` argument stands for.
inline constexpr const char* kStreamModes[] = {"w",  "r+", "a",   "w+",  "r",
                                               "a+", "wx", "r+e", "rb+", "we"};

/// The stream in a slot, nullptr (and a word in the log) if there is none that can be used.
FILE* any_stream(Actor& actor, int64_t slot);
/// As any_stream, but a stream of the other width is refused: libc mixes them up. So is one that is
/// O_DIRECT.
FILE* byte_stream(Actor& actor, int64_t slot);
FILE* wide_stream(Actor& actor, int64_t slot);

/// The slots whose streams popen() made: libc can't reopen those.
extern unsigned process_streams;

/// Puts `open()`'s stream into a slot, whose old stream is closed before.
template <typename Open>
void replace_stream(Actor& actor, int64_t slot, Open open) {
  FILE*& file = actor.file(slot);
  if (file != nullptr) actor.call([&] { return fclose(file); });
  process_streams &= ~(1U << slot);
  errno = Actor::kErrnoBefore;
  file = open();
  const int error = errno;
  actor.log_result(file == nullptr ? -1 : fileno(file), error);
}

void log_state(Actor& actor, FILE* file);

/// As Actor::call, and logs the stream's indicators.
template <typename F>
long call_stream(Actor& actor, FILE* file, F f) {
  const long result = actor.call(f);
  log_state(actor, file);
  return result;
}

/// As call_stream, for what reads `unit` bytes apiece into the scratch buffer.
template <typename F>
long read_stream(Actor& actor, FILE* file, F f, size_t unit = 1) {
  const long result = call_stream(actor, file, f);
  const size_t read = result > 0 ? static_cast<size_t>(result) * unit : 0;
  if (read > 0) actor.log_hash(actor.scratch(), std::min(read, Actor::kBuffer));
  return result;
}

}  // namespace differential
