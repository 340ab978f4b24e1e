// The constructor.
#include "shim/profile/memory.h"
#include "shim/profile/next.h"
#include "shim/profile/stream.h"

namespace seqshim::profiling {
namespace {

__attribute__((constructor)) void begin(int count, char** words, char** environment) {
  look_up_next();
  if (!find_memory(count, words, environment)) return;
  watch_prints();
  if (!watch_streams()) note_blind_streams();
}

}  // namespace
}  // namespace seqshim::profiling
