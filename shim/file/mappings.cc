#include "shim/file/mappings.h"

#include "shim/system/proc_text.h"

namespace seqshim {
namespace {

constinit ProcText::Buffer proc_buffer{};

/// A name as /proc writes it.
class EscapedName {
 public:
  explicit EscapedName(const char* name) : rest_(name) {}
  /// 0: the end.
  char next() {
    if (*rest_ == '\0') return '\0';
    if (*rest_ != '\n') return *rest_++;
    constexpr char kNewline[] = "\\012";
    const char c = kNewline[written_++];
    if (kNewline[written_] == '\0') ++rest_, written_ = 0;
    return c;
  }

 private:
  const char* rest_;
  unsigned written_ = 0;  // of the newline that comes next
};

/// Whether that is what there is up to the end of the line, from `c` on, which was read last.
bool rest_is(ProcText& text, char c, EscapedName name) {
  while (c != '\n' && c != '\0' && c == name.next()) c = text.next();
  const bool all = c == '\n' && name.next() == '\0';
  text.skip_to('\n', c);
  return all;
}

}  // namespace

bool is_mapped(const FileId& file, const char* name) {
  ProcText text("/proc/self/maps", proc_buffer);
  // "START-END rwxp OFFSET DEVICE INODE   NAME\n". The device may be another one than stat says
  // (btrfs), or the number (overlayfs).
  for (char c; (c = text.next()) != '\0';) {
    for (int field = 0; field < 4; ++field) c = text.skip_to(' ', text.next());
    if (text.number(10, c) == file.inode) return true;
    while (c == ' ') c = text.next();
    if (rest_is(text, c, EscapedName(name))) return true;
  }
  return !text.good();
}

}  // namespace seqshim
