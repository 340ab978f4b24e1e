#include "tests/differential/turns.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstdlib>

#include "tests/differential/actor.h"

namespace differential {

Speaker::Speaker(Voice voice, int fd, const char* path, size_t size, uint64_t tag)
    : voice_(voice), fd_(fd), path_(path), size_(size), tag_(tag), data_(size, '\0') {
  if (voice == Voice::kStream || voice == Voice::kSlowStream) stream_ = fdopen(dup(fd), "w");
}

Speaker::~Speaker() {
  if (stream_ != nullptr) fclose(stream_);
}

void Speaker::speak(Token& token) {
  fill(data_.data(), size_, ++tag_);
  errno = 0;
  const ssize_t got = say(data_.data());
  if (got >= 0) token.total += got;
  if (got != static_cast<ssize_t>(size_) && ++token.failures == 1) token.error = errno;
}

ssize_t Speaker::say(const char* data) {
  if (voice_ == Voice::kPath) return say_by_path(data);
  if (voice_ == Voice::kWrite) return write(fd_, data, size_);
  if (voice_ != Voice::kWritev) return say_by_stream(data);
  char* at = const_cast<char*>(data);
  const iovec parts[2] = {{at, size_ / 3}, {at + size_ / 3, size_ - size_ / 3}};
  return writev(fd_, parts, 2);
}

ssize_t Speaker::say_by_stream(const char* data) {
  if (stream_ == nullptr) return -1;
  if (voice_ == Voice::kSlowStream) setvbuf(stream_, nullptr, _IONBF, 0);
  const size_t got = fwrite(data, 1, size_, stream_);
  return fflush(stream_) == 0 ? static_cast<ssize_t>(got) : -1;
}

ssize_t Speaker::say_by_path(const char* data) {
  const int fd = open(path_, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return -1;
  lseek(fd, 0, SEEK_END);
  const ssize_t got = write(fd, data, size_);
  return close(fd) == 0 ? got : -1;
}

bool receive(int fd, Token& token) {
  ssize_t got;
  do {
    got = read(fd, &token, sizeof(token));
  } while (got < 0 && errno == EINTR);
  return got == static_cast<ssize_t>(sizeof(token));
}

bool send(int fd, const Token& token) {
  return write(fd, &token, sizeof(token)) == static_cast<ssize_t>(sizeof(token));
}

void take_turns(Speaker& speaker, int in, int out) {
  for (Token token; receive(in, token);) {
    if (!token.last) speaker.speak(token);
    if (!send(out, token) || token.last) return;
  }
}

int turns_main(int argc, char** argv) {
  if (argc != 6) return 2;
  signal(SIGPIPE, SIG_IGN);
  Speaker speaker(static_cast<Voice>(std::atoi(argv[2])), STDOUT_FILENO, argv[3],
                  std::strtoull(argv[4], nullptr, 10), std::strtoull(argv[5], nullptr, 10));
  take_turns(speaker, STDIN_FILENO, STDERR_FILENO);
  return 0;
}

}  // namespace differential
