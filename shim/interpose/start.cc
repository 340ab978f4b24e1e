// The constructor: the only code that runs in a process that never touches a matching file.
#include "shim/config/config.h"
#include "shim/interpose/entry.h"
#include "shim/interpose/stream.h"

namespace seqshim {
namespace {

__attribute__((constructor)) void start(int, char**, char** environment) {
  resolve_libc();
  Config config;
  ConfigError error;
  if (!parse_config(environment, config, error)) {
    size_t length = 0;
    while (error.text[length] != '\0') ++length;
    sys::call_with(__NR_write, 2, error.text, length);
    return become_inert();
  }
  if (config.match.empty() && config.read.empty()) return become_inert();
  count_threads();
  // Now, since it is the dynamic linker that finds them.
  configure(config, hook_stdio_slots(managed_stream_calls));
}

}  // namespace
}  // namespace seqshim
