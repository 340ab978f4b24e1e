// Processes that write in turns: a token goes round a ring of pipes, so that every run gives the
// same order. The token carries what the writes returned.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <string>

namespace differential {

struct Token {
  int64_t total = 0;
  int32_t failures = 0;
  int32_t error = 0;  // the first one's
  bool last = false;  // nobody writes any more
};

/// How a participant writes its part.
enum class Voice : int64_t { kWrite, kWritev, kStream, kSlowStream, kPath };
inline constexpr int kVoices = 5;

/// One who writes, each time it has the token.
class Speaker {
 public:
  /// kPath writes at the end of the file `path`, by a descriptor of its own; the others to `fd`.
  Speaker(Voice voice, int fd, const char* path, size_t size, uint64_t tag);
  ~Speaker();
  Speaker(const Speaker&) = delete;
  Speaker& operator=(const Speaker&) = delete;

  void speak(Token& token);

 private:
  ssize_t say(const char* data);
  ssize_t say_by_stream(const char* data);
  ssize_t say_by_path(const char* data);

  Voice voice_;
  int fd_;
  const char* path_;
  size_t size_;
  uint64_t tag_;
  FILE* stream_ = nullptr;
  std::string data_;
};

bool receive(int fd, Token& token);
bool send(int fd, const Token& token);

/// Takes every turn that comes in, until the last one.
void take_turns(Speaker& speaker, int in, int out);

/// main() of a participant that is a program of its own, argv = program --turns VOICE PATH SIZE
/// TAG: tokens come by standard input and leave by standard error, what it writes is its output.
int turns_main(int argc, char** argv);

}  // namespace differential
