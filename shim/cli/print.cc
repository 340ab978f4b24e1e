#include "shim/cli/print.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "shim/cli/complain.h"

namespace seqshim {

int print(const std::string& text) {
  for (std::string_view rest = text; !rest.empty();) {
    const ssize_t written = write(STDOUT_FILENO, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<size_t>(written));
    } else if (errno != EINTR) {
      complain(fmt::format("can't write to standard output: {}", std::strerror(errno)));
      return kOwnFailure;
    }
  }
  return 0;
}

}  // namespace seqshim
