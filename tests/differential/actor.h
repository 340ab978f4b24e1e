// The program under test: runs a script in the current directory and logs what every call returned.
// It uses libc through ordinary symbols; a preloaded shim sees what it would see of any program.
#pragma once

#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

#include "tests/differential/block.h"
#include "tests/differential/script.h"

namespace differential {

class Actor {
 public:
  static constexpr int kSlots = 12;
  static constexpr int kOwnFiles = 4;
  static constexpr int kFiles = kOwnFiles + 3;  // then stdin, stdout, stderr
  static constexpr int kMaps = 3;
  static constexpr size_t kBuffer = size_t{1} << 20;
  /// What errno holds before each call: a successful call must leave it alone.
  static constexpr int kErrnoBefore = EBADFD;

  struct Map {
    char* address = nullptr;
    size_t length = 0;
  };

  Actor(const char* self, const char* block_path, int depth);

  /// Runs lines [from, to) of the script.
  void run(size_t from, size_t to);

  /// The descriptor in a slot; slot kSlots is stdout, anything above was never open.
  int fd(int64_t slot) const;
  void set_fd(int64_t slot, int fd);
  /// The stream in a slot, nullptr where none is open.
  FILE*& file(int64_t slot) { return files_[slot % kFiles]; }
  FILE*& output() { return file(kOwnFiles + STDOUT_FILENO); }
  Map& map(int64_t slot) { return maps_[slot % kMaps]; }

  /// The line's own bytes: `size` of them, distinct for each line and each `part`. The address's
  /// alignment varies from line to line, unless `aligned`.
  char* bytes(size_t size, unsigned part = 0, bool aligned = false);
  char* scratch();  // kBuffer bytes to read into

  /// Runs `f` and logs what it returned and what it did to errno.
  template <typename F>
  long call(F f) {
    errno = kErrnoBefore;
    const long result = static_cast<long>(f());
    log_result(result, errno);
    return result;
  }
  /// As call, and logs a hash of the `scratch` bytes that were read.
  template <typename F>
  long call_read(F f) {
    const long result = call(f);
    if (result > 0) log_hash(scratch(), static_cast<size_t>(result));
    return result;
  }
  void log_result(long result, int error);
  /// By name, where libc knows names.
  void log_error(int error);
  void log_hash(const char* data, size_t size);
  void log(const char* format, ...) __attribute__((format(printf, 2, 3)));
  void end_line();

  // Other processes.
  struct Rest {
    size_t from;
    size_t to;
  };
  /// The block that the current line opens; the current process goes on behind it.
  Rest take_block();
  Rest rest_of_range() const { return {index_ + 1, to_}; }
  /// The command line that makes a new image of this program run `rest`.
  std::vector<std::string> command(Rest rest, int deeper) const;
  const std::string& self() const { return self_; }
  void enter_child() { ++depth_; }
  void load_slots(const char* text);

 private:
  Block* block_;
  std::string self_;
  std::string block_path_;
  Script script_;
  size_t index_ = 0;
  size_t next_ = 0;
  size_t to_ = 0;
  int depth_;
  int slots_[kSlots];
  FILE* files_[kFiles] = {nullptr, nullptr, nullptr, nullptr, stdin, stdout, stderr};
  Map maps_[kMaps] = {};
};

/// Fills with bytes that depend on `tag` and on the place.
void fill(char* to, size_t size, uint64_t tag);
uint64_t hash(const char* data, size_t size);

/// main() of the actor: argv = program --actor BLOCK FROM TO DEPTH SLOTS.
int actor_main(int argc, char** argv);

}  // namespace differential
