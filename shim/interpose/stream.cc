#include "shim/interpose/stream.h"

#include "shim/interpose/entry.h"

namespace seqshim {
namespace {

/// Streams opened with "c" are no cancellation points.
void cancellation_point_of(const FILE* stream) {
  constexpr int kNotCancel = 2;  // libc's _IO_FLAGS2_NOTCANCEL
  if ((stream->_flags2 & kNotCancel) == 0) cancellation_point();
}

ssize_t write_some(int fd, const void* source, size_t bytes) {
  if (append_at_once(fd, state().fds[fd], source, bytes)) return static_cast<ssize_t>(bytes);
  return conclude(write_managed(fd, source, bytes),
                  [&] { return make_system_call<__NR_write, ssize_t>(fd, source, bytes); });
}

/// Says how many bytes were written, which is all unless there was an error; the stream remembers
/// that there was one, and how far in the file it has come.
ssize_t on_write(FILE* stream, const void* source, ssize_t bytes) {
  const int fd = stream->_fileno;
  if (passes(fd)) return libc_stream_calls.write(stream, source, bytes);
  if (const TrialWrite trial(fd, static_cast<size_t>(bytes)); trial.goes_on())
    return libc_stream_calls.write(stream, source, bytes);
  cancellation_point_of(stream);
  const auto* const from = static_cast<const std::byte*>(source);
  ssize_t done = 0;
  while (done < bytes) {
    const ssize_t written = write_some(fd, from + done, static_cast<size_t>(bytes - done));
    if (written < 0) {
      stream->_flags |= _IO_ERR_SEEN;
      break;
    }
    done += written;
  }
  if (stream->_offset >= 0) stream->_offset += done;
  if (done > 0) has_written(fd);
  return done;
}

ssize_t on_read(FILE* stream, void* target, ssize_t bytes) {
  const int fd = stream->_fileno;
  if (passes(fd)) return libc_stream_calls.read(stream, target, bytes);
  cancellation_point_of(stream);
  const auto count = static_cast<size_t>(bytes);
  return follow_read(fd, kAtPosition, count, [&] {
    return conclude(read_managed(fd, target, count),
                    [&] { return libc_stream_calls.read(stream, target, bytes); });
  });
}

off64_t on_seek(FILE* stream, off64_t offset, int whence) {
  const int fd = stream->_fileno;
  if (passes(fd)) return libc_stream_calls.seek(stream, offset, whence);
  return lseek(fd, offset, whence);
}

int on_close(FILE* stream) {
  const int error = closing(stream->_fileno);
  if (error == kNotOpen) return fail(EBADF);
  const int result = libc_stream_calls.close(stream);
  return result == 0 && error != 0 ? fail(error) : result;
}

/// Returns what the process ended with. libc's own closes what is there by a raw system call, and
/// is to find a number of ours closed, but to forget the process all the same.
int on_process_close(FILE* stream) {
  const int error = closing(stream->_fileno);
  if (error == kNotOpen) stream->_fileno = -1;
  const int result = libc_process_stream_calls.close(stream);
  return result >= 0 && error > 0 ? fail(error) : result;
}

int on_stat(FILE* stream, void* facts) {
  if (!prepare(stream->_fileno, Need::kData)) return fail(EBADF);
  return libc_stream_calls.stat(stream, facts);
}

}  // namespace

constinit const StreamCalls managed_stream_calls{
    .read = on_read, .write = on_write, .seek = on_seek, .close = on_close, .stat = on_stat};
constinit const StreamCalls managed_process_stream_calls{.read = on_read,
                                                         .write = on_write,
                                                         .seek = on_seek,
                                                         .close = on_process_close,
                                                         .stat = on_stat};

}  // namespace seqshim
