// Whether the plain and the shimmed run wrote the same.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shim/cli/compare/output_files.h"
#include "shim/cli/compare/run_result.h"

namespace seqshim {

/// Holds what the first run of each way has left in the output files against each other; if that
/// differs, what a second plain run leaves against the first's, since some programs never write the
/// same twice (gzip: the time).
class Check {
 public:
  /// Whether the output files are to be looked at after this run.
  bool wants(Way way) const;

  using Contents = std::map<std::string, Content>;
  void note(Way way, Contents contents);

  /// What there is to say; nothing, if all is as it should be.
  std::vector<std::string> notes() const;

 private:
  std::vector<std::string> differing() const;

  std::optional<Contents> shimmed_, plain_, plain_again_;
};

}  // namespace seqshim
