#include "shim/cli/execute.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "shim/cli/complain.h"
#include "shim/cli/target/target.h"

namespace seqshim {

std::string search_path() {
  const char* const path = getenv("PATH");
  return path != nullptr ? path : "/bin:/usr/bin";
}

int check_target(const Words& command) {
  const Target target = find_target(command[0], search_path());
  if (target.exit_code != 0) {
    complain(target.problem);
  } else if (!target.warning.empty()) {
    complain(target.warning);
  }
  return target.exit_code;
}

int execute(const Words& command) { return execute(command[0], command); }

int execute(const std::string& file, const Words& words) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execvp(file.c_str(), arguments.data());
  const int error = errno;
  complain(fmt::format("can't run {}: {}", file, std::strerror(error)));
  return error == ENOENT ? kNotFound : kCannotRun;
}

}  // namespace seqshim
