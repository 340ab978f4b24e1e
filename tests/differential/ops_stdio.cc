// Bytes through FILE streams, on files that are also used by descriptor.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/differential/actor.h"
#include "tests/differential/op_functions.h"
#include "tests/differential/stream.h"

// What -D_FORTIFY_SOURCE makes of fread().
extern "C" size_t __fread_chk(void* to, size_t room, size_t unit, size_t count, FILE* file);

namespace differential {
namespace {

constexpr int64_t kMostSingle = 20000;  // characters one by one

long put_each(FILE* file, const char* data, int64_t size, int (*put)(int, FILE*)) {
  long done = 0;
  for (int64_t i = 0; i < std::min(size, kMostSingle); ++i) {
    if (put(static_cast<unsigned char>(data[i]), file) != EOF) ++done;
  }
  return done;
}

long get_each(FILE* file, char* to, int64_t size, int (*get)(FILE*)) {
  long done = 0;
  for (int one; done < std::min(size, kMostSingle) && (one = get(file)) != EOF; ++done) {
    to[done] = static_cast<char>(one);
  }
  return done;
}

/// Keeps one buffer, as programs do.
long get_line(Actor& a, FILE* file, int delimiter) {
  static char* line = nullptr;
  static size_t room = 0;
  const ssize_t got = getdelim(&line, &room, delimiter, file);
  if (got > 0)
    std::memcpy(a.scratch(), line, std::min<size_t>(static_cast<size_t>(got), a.kBuffer));
  return got;
}

}  // namespace

void op_fwrite(Actor& a, const Args& x) {
  FILE* file = byte_stream(a, x[0]);
  if (file == nullptr) return;
  const size_t size = static_cast<size_t>(x[1]);
  const char* data = a.bytes(size);
  call_stream(a, file, [&]() -> size_t {
    if (x[2] == 0) return fwrite_unlocked(data, 1, size, file);
    if (x[2] == 1) return put_each(file, data, x[1], fputc);
    if (x[2] == 2) return put_each(file, data, x[1], putc_unlocked);
    if (x[2] == 3) return fwrite(data, 100, size / 100, file);
    return fwrite(data, 1, size, file);
  });
}

void op_fwrite_burst(Actor& a, const Args& x) {
  FILE* file = byte_stream(a, x[0]);
  if (file == nullptr) return;
  const size_t size = static_cast<size_t>(x[1]);
  call_stream(a, file, [&] {
    long total = 0;
    for (unsigned i = 0; i < x[2]; ++i) total += fwrite(a.bytes(size, i), 1, size, file);
    return total;
  });
}

void op_fprintf(Actor& a, const Args& x) {
  FILE* file = byte_stream(a, x[0]);
  if (file == nullptr) return;
  const int width = static_cast<int>(x[1]);
  call_stream(a, file, [&] { return fprintf(file, "%*d %s\n", width, width, "printed"); });
  put_each(file, "abcdefghijklmnopqrst", width % 20, fputc);
  call_stream(a, file, [&] { return fputs("a line\n", file); });
}

void op_fread(Actor& a, const Args& x) {
  FILE* file = byte_stream(a, x[0]);
  if (file == nullptr) return;
  const size_t size = static_cast<size_t>(x[1]);
  char* to = a.scratch();
  read_stream(a, file, [&]() -> size_t {
    if (x[2] == 0) return fread_unlocked(to, 1, size, file);
    if (x[2] == 1) return get_each(file, to, x[1], fgetc);
    if (x[2] == 2) return get_each(file, to, x[1], getc_unlocked);
    if (x[2] == 3) return __fread_chk(to, Actor::kBuffer, 1, size, file);
    return fread(to, 1, size, file);
  });
}

void op_fread_units(Actor& a, const Args& x) {
  FILE* file = byte_stream(a, x[0]);
  if (file == nullptr) return;
  const size_t unit = static_cast<size_t>(x[1]);
  read_stream(
      a, file, [&] { return fread(a.scratch(), unit, 3, file); }, unit);
}

void op_fgets(Actor& a, const Args& x) {
  FILE* file = byte_stream(a, x[0]);
  if (file == nullptr) return;
  read_stream(a, file, [&]() -> long {
    if (x[2] == 0) return get_line(a, file, '\n');
    if (x[2] == 1) return get_line(a, file, ' ');
    char* to = a.scratch();
    std::memset(to, 'x', static_cast<size_t>(x[1]) + 1);
    return fgets(to, static_cast<int>(x[1]) + 1, file) == nullptr ? -1 : x[1] + 1;
  });
}

void op_ungetc(Actor& a, const Args& x) {
  FILE* file = byte_stream(a, x[0]);
  if (file == nullptr) return;
  if (fileno(file) < 0) return a.log(" in memory");  // libc can't push back into its content
  const long last = call_stream(a, file, [&] { return fgetc(file); });
  if (last < 0 && ferror(file)) return;  // what can't be read libc makes a mess of
  const int back = x[1] == 0 ? 'u' : static_cast<int>(last);
  call_stream(a, file, [&] { return ungetc(back, file); });
  if (x[2] == 0) read_stream(a, file, [&] { return fread(a.scratch(), 1, 10, file); });
}

void op_fflush(Actor& a, const Args& x) {
  if (x[1] == 0) {
    a.call([] { return fflush(nullptr); });
  } else if (FILE* file = any_stream(a, x[0]); file != nullptr) {
    call_stream(a, file, [&] { return x[1] == 1 ? fflush_unlocked(file) : fflush(file); });
  }
}

void op_clear_error(Actor& a, const Args& x) {
  if (FILE* file = any_stream(a, x[0]); file != nullptr) clearerr(file);
}

/// As unzip does: opened by stdio, written by descriptor.
void op_fileno_write(Actor& a, const Args& x) {
  FILE* file = any_stream(a, x[0]);
  if (file == nullptr) return;
  const size_t size = static_cast<size_t>(x[1]);
  const char* data = a.bytes(size);
  if (x[2] == 0) a.call([&] { return fflush(file); });
  a.call([&] { return write(fileno(file), data, size); });
}

void op_fileno_other(Actor& a, const Args& x) {
  FILE* file = any_stream(a, x[0]);
  if (file == nullptr) return;
  const int fd = fileno(file);
  struct stat s = {};
  switch (x[2]) {
    case 0:
      a.call([&] { return lseek(fd, x[1], SEEK_SET); });
      break;
    case 1:
      a.call([&] { return lseek(fd, 0, SEEK_CUR); });
      break;
    case 2:
      a.call([&] { return ftruncate(fd, x[1]); });
      break;
    case 3:
      a.call([&] { return fstat(fd, &s); });
      a.log(" size %ld", static_cast<long>(s.st_size));
      break;
    case 4:
      a.call([&] { return dprintf(fd, "<%ld>", static_cast<long>(x[1])); });
      break;
    case 5:
      a.call([&] { return lseek(fd, 0, SEEK_END); });
      break;
    case 6:
      a.call([&] { return pwrite(fd, a.bytes(300), 300, x[1]); });
      break;
    default:
      a.call_read([&] { return pread(fd, a.scratch(), 5000, x[1]); });
  }
}

void op_redirect_stdout(Actor& a, const Args& x) {
  a.call([&] { return dup2(a.fd(x[0]), STDOUT_FILENO); });
}

void op_printf(Actor& a, const Args& x) {
  FILE* file = byte_stream(a, Actor::kOwnFiles + STDOUT_FILENO);
  if (file == nullptr) return;
  const size_t size = static_cast<size_t>(x[0]);
  call_stream(a, file, [&] { return fwrite(a.bytes(size), 1, size, stdout); });
  call_stream(a, file, [&] { return printf("%ld and out\n", static_cast<long>(x[0])); });
  if (x[1] == 0) call_stream(a, file, [] { return fflush(stdout); });
  if (x[1] == 1) call_stream(a, file, [] { return puts("by puts"); });
}

void op_perror(Actor& a, const Args& x) {
  if (a.file(Actor::kOwnFiles + STDERR_FILENO) == nullptr) return a.log(" no stream");
  a.call([&] {
    errno = static_cast<int>(x[0]);
    perror(x[0] % 2 == 0 ? nullptr : "what failed");
    return 0;
  });
}

}  // namespace differential
