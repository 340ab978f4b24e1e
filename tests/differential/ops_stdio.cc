// FILE streams on files that are also written by descriptor.
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "tests/differential/actor.h"
#include "tests/differential/op_functions.h"
#include "tests/differential/paths.h"

namespace differential {
namespace {

constexpr const char* kModes[] = {"w", "r+", "a", "w+", "r", "a+", "wx", "r+e"};

FILE* stream_or_log(Actor& a, int64_t slot) {
  FILE* file = a.file(slot);
  if (file == nullptr) a.log(" no stream");
  return file;
}

}  // namespace

void op_fopen(Actor& a, const Args& x) {
  FILE*& file = a.file(x[0]);
  if (file != nullptr) a.call([&] { return fclose(file); });
  errno = Actor::kErrnoBefore;
  file = x[3] == 0 ? fopen64(path_name(x[1]), kModes[x[2]]) : fopen(path_name(x[1]), kModes[x[2]]);
  a.log_result(file == nullptr ? -1 : fileno(file), errno);
}

void op_fdopen(Actor& a, const Args& x) {
  FILE*& file = a.file(x[0]);
  if (file != nullptr) a.call([&] { return fclose(file); });
  errno = Actor::kErrnoBefore;
  file = fdopen(a.fd(x[1]), kModes[x[2]]);
  a.log_result(file == nullptr ? -1 : fileno(file), errno);
}

void op_freopen(Actor& a, const Args& x) {
  FILE*& file = a.file(x[0]);
  if (file == nullptr) return a.log(" no stream");
  errno = Actor::kErrnoBefore;
  file = freopen(path_name(x[1]), kModes[x[2]], file);
  a.log_result(file == nullptr ? -1 : fileno(file), errno);
}

void op_set_buffer(Actor& a, const Args& x) {
  static constexpr size_t kSizes[] = {0, 16, 512, 5000, 65536};
  FILE* file = stream_or_log(a, x[0]);
  if (file == nullptr) return;
  const int mode = x[1] == 0 ? _IONBF : (x[2] == 0 ? _IOLBF : _IOFBF);
  a.call([&] { return setvbuf(file, nullptr, mode, kSizes[x[1]]); });
}

void op_fwrite(Actor& a, const Args& x) {
  FILE* file = stream_or_log(a, x[0]);
  if (file == nullptr) return;
  const size_t size = static_cast<size_t>(x[1]);
  const char* data = a.bytes(size);
  a.log(" = %zu", fwrite(data, 1, size, file));
}

void op_fprintf(Actor& a, const Args& x) {
  FILE* file = stream_or_log(a, x[0]);
  if (file == nullptr) return;
  const int width = static_cast<int>(x[1]);
  a.log(" = %d", fprintf(file, "%*d %s\n", width, width, "printed"));
  for (int i = 0; i < width % 20; ++i) fputc('a' + i, file);
  fputs("a line\n", file);
}

void op_fread(Actor& a, const Args& x) {
  FILE* file = stream_or_log(a, x[0]);
  if (file == nullptr) return;
  const size_t got = fread(a.scratch(), 1, static_cast<size_t>(x[1]), file);
  a.log_hash(a.scratch(), got);
  a.log(" = %zu eof %d error %d", got, feof(file), ferror(file));
}

void op_fseek(Actor& a, const Args& x) {
  FILE* file = stream_or_log(a, x[0]);
  if (file == nullptr) return;
  a.log(" = %d", fseeko(file, x[1], static_cast<int>(x[2]) % 3));
  a.log(" at %ld", ftell(file));
}

void op_fflush(Actor& a, const Args& x) {
  if (x[1] == 0) {
    a.log(" = %d", fflush(nullptr));
  } else if (FILE* file = stream_or_log(a, x[0]); file != nullptr) {
    a.log(" = %d", fflush(file));
  }
}

void op_fclose(Actor& a, const Args& x) {
  FILE*& file = a.file(x[0]);
  if (file == nullptr) return a.log(" no stream");
  a.log(" = %d", fclose(file));
  file = nullptr;
}

/// As unzip does: opened by stdio, written by descriptor.
void op_fileno_write(Actor& a, const Args& x) {
  FILE* file = stream_or_log(a, x[0]);
  if (file == nullptr) return;
  const size_t size = static_cast<size_t>(x[1]);
  const char* data = a.bytes(size);
  if (x[2] == 0) a.log(" = %d", fflush(file));
  a.call([&] { return write(fileno(file), data, size); });
}

void op_redirect_stdout(Actor& a, const Args& x) {
  a.call([&] { return dup2(a.fd(x[0]), STDOUT_FILENO); });
}

void op_printf(Actor& a, const Args& x) {
  const size_t size = static_cast<size_t>(x[0]);
  fwrite(a.bytes(size), 1, size, stdout);
  a.log(" = %d", printf("%ld and out\n", x[0]));
  if (x[1] == 0) a.log(" flush %d", fflush(stdout));
}

}  // namespace differential
