#include "tests/differential/stream.h"

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

FILE* byte_stream(Actor& a, int64_t slot) {
  FILE* file = any_stream(a, slot);
  if (file == nullptr || fwide(file, 0) <= 0) return file;
  a.log(" wide");
  return nullptr;
}

FILE* wide_stream(Actor& a, int64_t slot) {
  FILE* file = any_stream(a, slot);
  if (file == nullptr || fwide(file, 0) >= 0) return file;
  a.log(" narrow");
  return nullptr;
}

void log_state(Actor& a, FILE* file) {
  if (feof(file)) a.log(" eof");
  if (ferror(file)) a.log(" error");
}

}  // namespace differential
