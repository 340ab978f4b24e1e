#include "shim/cli/run/watch_run.h"

#include <unistd.h>

#include <cstdlib>

#include "shim/cli/complain.h"
#include "shim/cli/run/summary.h"

namespace seqshim {

bool RunWatch::begin() {
  if (!counters_.create()) return false;
  setenv("SEQSHIM_PROGRESS", counters_.path().c_str(), 1);
  return true;
}

std::vector<int> RunWatch::descriptors() const { return {STDERR_FILENO, counters_.fd()}; }

void RunWatch::finish() {
  if (says_summary_) complain(summary_of(counters_.totals(), seconds()));
}

double RunWatch::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

}  // namespace seqshim
