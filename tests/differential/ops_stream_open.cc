// Opening, replacing and closing streams, and the descriptors under them.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cwchar>
#include <fstream>
#include <iterator>
#include <set>

#include "tests/differential/actor.h"
#include "tests/differential/op_functions.h"
#include "tests/differential/paths.h"
#include "tests/differential/stream.h"

namespace differential {
namespace {

constexpr size_t kOwnBuffer = size_t{256} << 10;
char g_buffers[Actor::kFiles][kOwnBuffer];

// Of memory streams: alive as long as the stream.
char* g_memory[Actor::kFiles];
size_t g_memory_size[Actor::kFiles];

/// Of this thread.
std::set<pid_t> children() {
  std::ifstream list("/proc/thread-self/children");
  return {std::istream_iterator<pid_t>(list), {}};
}

}  // namespace

void op_fopen(Actor& a, const Args& x) {
  const char *path = path_name(x[1]), *mode = kStreamModes[x[2]];
  replace_stream(a, x[0], [&] { return x[3] == 0 ? fopen64(path, mode) : fopen(path, mode); });
}

void op_fdopen(Actor& a, const Args& x) {
  replace_stream(a, x[0], [&] { return fdopen(a.fd(x[1]), kStreamModes[x[2]]); });
}

void op_tmpfile(Actor& a, const Args& x) {
  replace_stream(a, x[0], [] { return tmpfile(); });
}

void op_memory_stream(Actor& a, const Args& x) {
  replace_stream(a, x[0], [&] { return open_memstream(&g_memory[x[0]], &g_memory_size[x[0]]); });
}

/// A command whose output is one write to the pipe, so that any mix of reads sees the same; whether
/// anybody reads it must not show, nor how long it holds what it has inherited: it has ended.
void op_popen_stream(Actor& a, const Args& x) {
  static constexpr const char* kCommands[] = {"printf '%0900d' 7 2>/dev/null; exit 0",
                                              "printf '%0900d' 8 2>/dev/null; exit 3"};
  const std::set<pid_t> before = children();
  replace_stream(a, x[0], [&] { return popen(kCommands[x[1]], "re"); });
  for (const pid_t child : children()) {
    siginfo_t end;
    if (!before.contains(child)) waitid(P_PID, static_cast<id_t>(child), &end, WEXITED | WNOWAIT);
  }
  process_streams |= 1U << x[0];
}

/// Without a path: the same file again, as a shell's `exec` can't.
void op_freopen(Actor& a, const Args& x) {
  FILE*& file = a.file(x[0]);
  if (file == nullptr) return a.log(" no stream");
  if ((process_streams >> x[0] & 1) != 0) return a.log(" a process");
  const char *path = x[3] == 0 ? nullptr : path_name(x[1]), *mode = kStreamModes[x[2]];
  errno = Actor::kErrnoBefore;
  file = x[3] == 1 ? freopen64(path, mode, file) : freopen(path, mode, file);
  const int error = errno;
  a.log_result(file == nullptr ? -1 : fileno(file), error);
}

void op_set_buffer(Actor& a, const Args& x) {
  static constexpr size_t kSizes[] = {0, 1, 16, 512, 4096, 5000, 65536, kOwnBuffer};
  FILE* file = byte_stream(a, x[0]);
  if (file == nullptr) return;
  if (fileno(file) < 0) return a.log(" in memory");  // whose buffer is its content
  // Where a character was pushed back, a new buffer frees what libc still reads from.
  if (fseeko(file, 0, SEEK_CUR) != 0) return a.log(" not seekable");
  const int mode = x[1] == 0 ? _IONBF : (x[2] == 0 ? _IOLBF : _IOFBF);
  char* buffer = x[2] < 4 ? g_buffers[x[0] % Actor::kFiles] : nullptr;
  call_stream(a, file, [&] { return setvbuf(file, buffer, mode, kSizes[x[1]]); });
}

void op_fclose(Actor& a, const Args& x) {
  FILE*& file = a.file(x[0]);
  if (file == nullptr) return a.log(" no stream");
  a.call([&] { return fclose(file); });
  file = nullptr;
}

/// libc's own fcloseall leaves a wide stream with dangling pointers.
void op_fclose_all(Actor& a, const Args&) {
  for (int64_t i = 0; i < Actor::kFiles; ++i) {
    if (FILE* file = a.file(i); file != nullptr && fwide(file, 0) > 0) return a.log(" wide");
  }
  a.call([] { return fcloseall(); });
}

void op_redirect(Actor& a, const Args& x) {
  a.call([&] { return dup2(a.fd(x[0]), static_cast<int>(x[1])); });
}

/// The stream's descriptor, or a copy of it, for every operation on descriptors.
void op_take_fileno(Actor& a, const Args& x) {
  FILE* file = any_stream(a, x[0]);
  if (file == nullptr) return;
  // What doesn't wait for its pipe would see whether the command has written yet.
  if ((process_streams >> x[0] & 1) != 0) return a.log(" a process");
  if (const int old = a.fd(x[1]); old >= 0 && old != fileno(file)) {
    a.call([&] { return close(old); });
  }
  const long fd = a.call([&] { return x[2] == 0 ? fileno(file) : dup(fileno(file)); });
  a.set_fd(x[1], static_cast<int>(fd));
}

/// What is under a stream is closed, or becomes another file.
void op_move_under(Actor& a, const Args& x) {
  FILE* file = any_stream(a, x[0]);
  if (file == nullptr) return;
  a.call([&] { return x[2] == 0 ? close(fileno(file)) : dup2(a.fd(x[1]), fileno(file)); });
}

/// A stream that reads through a mapping of its own, while its file is written.
void op_mapped_stream(Actor& a, const Args& x) {
  const char* path = path_name(x[0]);
  const int fd = a.fd(x[1]);
  FILE* file = fopen(path, x[4] == 0 ? "rme" : "rm");
  if (file == nullptr) return a.log(" not opened");
  const size_t size = static_cast<size_t>(x[2]), small = static_cast<size_t>(x[3]);
  read_stream(a, file, [&] { return fread(a.scratch(), 1, size, file); });
  const char* data = a.bytes(small);
  a.call([&] { return write(fd, data, small); });
  read_stream(a, file, [&] { return fread(a.scratch(), 1, size, file); });
  if (x[4] == 1) call_stream(a, file, [&] { return fseeko(file, 0, SEEK_SET); });
  a.call([&] { return pwrite(fd, data, small, 10); });
  read_stream(a, file, [&] { return fread(a.scratch(), 1, size, file); });
  a.call([&] { return fclose(file); });
}

}  // namespace differential
