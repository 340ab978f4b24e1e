// seqshim: runs a command with libseqshim.so preloaded.
#include <exception>

#include "shim/cli/complain.h"
#include "shim/cli/launch.h"
#include "shim/cli/options.h"

int main(int argc, char** argv) {
  try {
    int exit_code = 0;
    const auto options = seqshim::parse_options(argc, argv, exit_code);
    return options ? seqshim::launch(*options) : exit_code;
  } catch (const std::exception& error) {
    seqshim::complain(error.what());
    return seqshim::kOwnFailure;
  }
}
