// Whether bytes may be accepted into memory: a write() that has returned must not fail later for
// want of space or quota.
//
// Far from every limit, looking is enough: the margin exceeds what all that hold bytes in memory
// could ask for at once. Nearer to it the space is reserved in the file before the bytes are
// accepted, beyond its end and without changing its size; what then isn't used is given back by
// trim(). Where that can't be done, the kernel is to answer.
#pragma once

#include <sys/types.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace seqshim {

/// What is to be left beyond a cluster for a look to be enough, where each process may hold
/// `memory` bytes.
constexpr uint64_t margin_beyond(uint64_t memory) {
  constexpr uint64_t kLeast = uint64_t{1} << 30;
  constexpr uint64_t kProcesses = 16;
  return std::max(kLeast, kProcesses * memory);
}

class Space {
 public:
  enum class Verdict : uint8_t {
    kGranted,
    kNotYet,  // not for these bytes
    kNever,   // the limit is too near for this file
  };

  /// For the bytes from `from` to the end of their cluster.
  struct Request {
    int fd;  // of the program's description
    dev_t device;
    int64_t from;
    size_t cluster_size;
    uint64_t margin;   // what is to be left when the cluster is full, see margin_beyond()
    bool may_reserve;  // nobody else is known to write the file
  };
  Verdict ask(const Request& request);

  /// Blocks beyond the end of the file may be ours.
  bool reserves() const { return reserved_to_ > 0; }
  /// Gives back what is reserved and not written; everything accepted is in the file, and this
  /// process has no description of it but the one of `fd`. Where somebody else has one, it
  /// stays: shortening the file could cut off what they are writing. Changes the file's times.
  void trim(int fd);

 private:
  Verdict reserve(const Request& request);

  int64_t reserved_to_ = 0;
};

}  // namespace seqshim
