// Whether the command can be run, and whether a preloaded library would be in it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace seqshim {

struct Target {
  int exit_code = 0;    // 0: go ahead; else kCannotRun or kNotFound
  std::string path;     // the file that execvp() would run
  std::string problem;  // one line, if the exit code isn't 0
  std::string warning;  // one line, if it can be run but only part of it can be reached
  std::vector<std::string>
      interpreters;  // of a script, as each starts the next; the last is loaded
};

/// Looks `command` up in `search_path` (as in PATH) like execvp(), follows `#!` lines, and env(1)
/// in them, to the program that will be loaded, and refuses one that the dynamic linker doesn't
/// preload into: statically linked, for another machine, for another C library, or with more rights
/// than the user. What can't be judged is let through: the exec itself will tell.
Target find_target(const std::string& command, const std::string& search_path);

/// The first file `name` along `search_path` that execvp() would run and that isn't this very
/// program, by whatever link; empty if there is none.
std::string find_another(const std::string& name, std::string_view search_path);

}  // namespace seqshim
