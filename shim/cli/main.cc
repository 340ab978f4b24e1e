// seqshim: finds the subcommand, or the other program, that is meant.
#include <exception>
#include <string>
#include <string_view>

#include "shim/cli/compare/compare.h"
#include "shim/cli/complain.h"
#include "shim/cli/doctor/doctor.h"
#include "shim/cli/profile/profile.h"
#include "shim/cli/report/report.h"
#include "shim/cli/run/called_as.h"
#include "shim/cli/run/run.h"
#include "shim/cli/words.h"

namespace seqshim {
namespace {

struct Subcommand {
  std::string_view name;
  int (*run)(const Words& words);
};

// A program of such a name is run by `seqshim run NAME` or `seqshim -- NAME`.
constexpr Subcommand kSubcommands[] = {
    {"compare", compare}, {"doctor", doctor}, {"profile", profile},
    {"report", report},   {"run", run},
};

int dispatch(const Words& words) {
  if (!words.empty()) {
    for (const Subcommand& subcommand : kSubcommands)
      if (words[0] == subcommand.name) return subcommand.run({words.begin() + 1, words.end()});
  }
  return run(words);
}

}  // namespace
}  // namespace seqshim

int main(int argc, char** argv) {
  try {
    const std::string invoked = argc > 0 ? argv[0] : "";
    const seqshim::Words words(argv + (argc > 0 ? 1 : 0), argv + argc);
    return seqshim::is_another_program(invoked) ? seqshim::run_called_as(invoked, words)
                                                : seqshim::dispatch(words);
  } catch (const std::exception& error) {
    seqshim::complain(error.what());
    return seqshim::kOwnFailure;
  }
}
