// The constructor.
#include "shim/profile/next.h"
#include "shim/profile/recorder.h"
#include "shim/profile/stream.h"

namespace seqshim::profiling {
namespace {

__attribute__((constructor)) void begin(int count, char** words, char** environment) {
  look_up_next();
  if (!start(count, words, environment)) return;
  watch_prints();
  if (!watch_streams()) note_blind_streams();
}

}  // namespace
}  // namespace seqshim::profiling
