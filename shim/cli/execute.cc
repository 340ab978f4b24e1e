#include "shim/cli/execute.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "shim/cli/complain.h"
#include "shim/cli/target/target.h"

namespace seqshim {

int check_target(const Words& command) {
  const char* search_path = getenv("PATH");
  const Target target =
      find_target(command[0], search_path != nullptr ? search_path : "/bin:/usr/bin");
  if (target.exit_code != 0) {
    complain(target.problem);
  } else if (!target.warning.empty()) {
    complain(target.warning);
  }
  return target.exit_code;
}

int execute(const Words& command) {
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  execvp(words[0], words.data());
  const int error = errno;
  complain(fmt::format("can't run {}: {}", command[0], std::strerror(error)));
  return error == ENOENT ? kNotFound : kCannotRun;
}

}  // namespace seqshim
