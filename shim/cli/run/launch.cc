#include "shim/cli/run/launch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "shim/cli/complain.h"
#include "shim/cli/execute.h"
#include "shim/cli/preload.h"
#include "shim/cli/run/parent.h"
#include "shim/cli/run/run_watch.h"

namespace seqshim {
namespace {

bool sets(const Variables& variables, std::string_view name) {
  return std::any_of(variables.begin(), variables.end(),
                     [name](const auto& variable) { return variable.first == name; });
}

// A report of an earlier run must not mix with this one: all processes of the tree append.
bool empty_report(const char* path) {
  const int fd = open(
      path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
  if (fd < 0) {
    complain(fmt::format("can't write the report to {}: {}", path,
                         errno == ELOOP ? "symbolic links are not followed" : strerror(errno)));
    return false;
  }
  close(fd);
  return true;
}

}  // namespace

bool set_preload() {
  const auto preload = preload_with("libseqshim.so");
  if (preload) setenv("LD_PRELOAD", preload->c_str(), 1);
  return preload.has_value();
}

int launch(const Options& options, const Variables& variables, const Config& config,
           const std::string& file, const Words& words) {
  if (sets(variables, "SEQSHIM_REPORT") && config.report_path != nullptr &&
      !empty_report(config.report_path))
    return kOwnFailure;
  const auto program = [&] { return execute(file, words); };
  RunWatch watch(options.verbose, options.progress);
  if (watch.is_wanted() && watch.begin()) return stay_as_parent(program, &watch);
  return config.guard ? stay_as_parent(program) : program();
}

}  // namespace seqshim
