#include "tests/differential/stream.h"

#include <fcntl.h>

#include <cwchar>

namespace differential {

unsigned process_streams = 0;

FILE* any_stream(Actor& a, int64_t slot) {
  FILE* file = a.file(slot);
  if (file == nullptr) a.log(" no stream");
  if (file == nullptr || fwide(file, 0) <= 0 || !ferror(file)) return file;
  a.log(" broken");  // libc loses its own bearings in a wide stream that has failed
  return nullptr;
}

namespace {

/// Then it depends on where libc's buffer happens to lie whether the kernel takes it. Only the shim
/// has any that can't be read, which a child of vfork may come across.
bool is_direct(FILE* file) {
  const int flags = fileno(file) < 0 ? 0 : fcntl(fileno(file), F_GETFL);
  return flags >= 0 && (flags & O_DIRECT) != 0 && (flags & O_ACCMODE) != O_WRONLY;
}

FILE* stream_unless(Actor& a, FILE* file, bool of_other_width, const char* width) {
  if (file == nullptr || (!of_other_width && !is_direct(file))) return file;
  a.log(of_other_width ? width : " direct");
  return nullptr;
}

}  // namespace

FILE* byte_stream(Actor& a, int64_t slot) {
  FILE* file = any_stream(a, slot);
  return stream_unless(a, file, file != nullptr && fwide(file, 0) > 0, " wide");
}

FILE* wide_stream(Actor& a, int64_t slot) {
  FILE* file = any_stream(a, slot);
  return stream_unless(a, file, file != nullptr && fwide(file, 0) < 0, " narrow");
}

void log_state(Actor& a, FILE* file) {
  if (feof(file)) a.log(" eof");
  if (ferror(file)) a.log(" error");
}

}  // namespace differential
