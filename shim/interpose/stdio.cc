// Streams that open a file by its name or take a descriptor over. What they read and write later
// comes by the functions of stream.cc.
#include <string_view>

#include "shim/interpose/entry.h"

using namespace seqshim;

// fopen is declared to allocate; its old name need not be.
#pragma GCC diagnostic ignored "-Wmissing-attributes"

namespace {

/// Whether what the stream does can't be seen: stdio's calls aren't hooked, or it maps the file.
bool out_of_sight(const char* mode) {
  constexpr size_t kMostFlags = 7;  // that libc looks at
  return !sees_stdio() ||
         std::string_view(mode).substr(0, kMostFlags).find('m') != std::string_view::npos;
}

/// A stream that has just opened its file, or none.
FILE* opened_stream(FILE* stream, const char* mode, int more_flags = 0,
                    const FileId& prepared = {}) {
  if (stream == nullptr || inert()) return stream;
  const int fd = stream->_fileno;
  const int flags = static_cast<int>(sys::call_with(__NR_fcntl, fd, F_GETFL));
  opened(fd, flags | more_flags, prepared);
  if (mode != nullptr && out_of_sight(mode)) renounce(fd, HandBack::kStdio);
  return stream;
}

/// Opens by `call`; when the program has run out of numbers, it gets ours.
template <class Call>
FILE* open_stream(const char* mode, Call call, const FileId& prepared = {}) {
  FILE* stream = call();
  if (stream == nullptr && errno == EMFILE && give_up_descriptors()) stream = call();
  return opened_stream(stream, mode, mode[0] == 'w' ? O_TRUNC : 0, prepared);
}

}  // namespace

SEQSHIM_EXPORT FILE* fopen(const char* path, const char* mode) {
  const FileId prepared = prepare_path(AT_FDCWD, path, 0);
  return open_stream(
      mode, [&] { return libc().fopen(path, mode); }, prepared);
}
SEQSHIM_TWIN(fopen64, fopen);
SEQSHIM_TWIN(_IO_fopen, fopen);

SEQSHIM_EXPORT FILE* tmpfile() {
  return open_stream("w+", [] { return libc().tmpfile(); });
}
SEQSHIM_TWIN(tmpfile64, tmpfile);

SEQSHIM_EXPORT FILE* fdopen(int fd, const char* mode) noexcept {
  if (!prepare(fd, Need::kBoth)) return fail<FILE*>(EBADF), nullptr;
  FILE* const stream = libc().fdopen(fd, mode);
  // In append mode libc has set O_APPEND.
  if (stream != nullptr && mode[0] == 'a') flags_changed(fd);
  if (stream != nullptr && out_of_sight(mode)) renounce(fd, HandBack::kStdio);
  return stream;
}
SEQSHIM_TWIN(_IO_fdopen, fdopen);

SEQSHIM_EXPORT FILE* freopen(const char* path, const char* mode, FILE* stream) {
  const int before = stream->_fileno;
  prepare_path(AT_FDCWD, path, 0);
  FILE* reopened;
  {
    // libc writes what the stream still holds, and then may open the same file with O_TRUNC.
    const GateClosure closed;
    reopened = libc().freopen(path, mode, stream);
  }
  renewed(before);  // closed, whether or not there is another
  return opened_stream(reopened, mode);
}
SEQSHIM_TWIN(freopen64, freopen);

SEQSHIM_EXPORT int fclose(FILE* stream) {
  // A stream that maps its file closes it out of our sight.
  const int fd = stream->_fileno;
  const OpenFile* const file = state().fds[fd].file();
  const int result = libc().fclose(stream);
  if (file != nullptr && state().fds[fd].file() == file) renewed(fd);
  return result;
}
SEQSHIM_TWIN(_IO_fclose, fclose);
