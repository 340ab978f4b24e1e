#include "shim/guard/account.h"

#include <fcntl.h>
#include <linux/limits.h>

#include <string_view>

#include "shim/config/text.h"
#include "shim/report/log.h"
#include "shim/system/proc_path.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

using namespace std::string_view_literals;  // unoptimised, others ask strlen()

/// What the kernel calls the file by now.
class Name {
 public:
  explicit Name(int fd) {
    const long length =
        fd < 0 ? -1
               : sys::call_with(__NR_readlinkat, AT_FDCWD, ProcPath(fd).text, text_, sizeof text_);
    if (length > 0) length_ = static_cast<size_t>(length);
  }
  std::string_view text() const { return {text_, length_}; }

 private:
  char text_[PATH_MAX];
  size_t length_ = 0;
};

/// Of which it tells, if it is anything.
struct Event {
  const char* path_of_log;
  int process;
  std::string_view name, file;

  void log(const FileOutcome::Sum& sum, int error) const {
    if (sum.bytes == 0) return;
    char text[100];
    TextBuilder detail(text, sizeof text);
    detail.append("bytes "sv).number(sum.bytes).append(", clusters "sv).number(sum.clusters);
    if (error != 0) detail.append(", error "sv).number(static_cast<uint64_t>(error));
    log_event(path_of_log, name, file, detail.text(), process);
  }
};

}  // namespace

void log_outcome(const char* path_of_log, int process, const Recovery& outcome) {
  if (path_of_log == nullptr) return;
  for (size_t i = 0; i < outcome.count; ++i) {
    const FileOutcome& file = outcome.files[i];
    const Name name(file.fd);
    Event{path_of_log, process, "recovered"sv, name.text()}.log(file.written, 0);
    Event{path_of_log, process, "lost"sv, name.text()}.log(file.lost, file.error);
  }
}

}  // namespace seqshim
