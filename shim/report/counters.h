// What is counted of a file: by the hot path one increment, by the rest whatever helps a user to
// see where the bytes went. Guarded by the lock of the file it belongs to.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace seqshim {

/// Powers of two: bucket b holds sizes with bit_width b, that is [2^(b-1), 2^b); bucket 0 is 0.
/// The last one, 32, holds everything from 2 GiB on.
struct SizeHistogram {
  std::array<uint64_t, 33> count{};
  void note(uint64_t bytes) {
    const int width = std::bit_width(bytes);
    ++count[static_cast<size_t>(width < 32 ? width : 32)];
  }
  uint64_t total() const;
  /// The bucket with the most sizes in it; of equals the largest. 0 when nothing was noted.
  size_t commonest() const;
  /// The least size that belongs to a bucket.
  static constexpr uint64_t lower_bound(size_t bucket) {
    return bucket == 0 ? 0 : uint64_t{1} << (bucket - 1);
  }
  void add(const SizeHistogram& other);
};

/// Why a file was handed back to the kernel for good.
enum class HandBack : uint8_t {
  kNone,
  kStdio,        // a FILE stream uses it
  kMapped,       // mmap
  kLocked,       // POSIX, OFD or flock locks: other processes coordinate with it
  kRandom,       // short runs: caching gains nothing
  kMemoryFs,     // tmpfs, ramfs: the page cache is the storage
  kAppend,       // O_APPEND without SEQSHIM_APPEND=1
  kOwnDirect,    // the program asked for O_DIRECT, O_SYNC or O_DSYNC itself
  kDescriptors,  // no private descriptor to be had
  kMemory,       // no cluster to be had
  kError,        // a write failed
  kAsync,        // POSIX AIO, or the kernel's
  kSandbox,      // the program restricts its own system calls
  kSpace,        // the disk, a quota or the largest file size is too near
  kUnseen,       // it was written, but by no call that could be seen here
  kSmall,        // it was closed before it was worth caching
  kCount
};

/// The way in which a file's clusters reach it; DESIGN's fallback ladder.
enum class Rung : uint8_t { kUndecided, kDirect, kDontCache, kDropBehind, kPlain, kCount };

struct Counters {
  SizeHistogram writes;         // every write the program made that was accepted into the cache
  SizeHistogram direct_writes;  // every write on the direct descriptor
  uint64_t bytes_written = 0;   // accepted into the cache
  uint64_t jumps = 0;           // writes that did not continue the one before
  uint64_t bytes_direct = 0;    // reached the file by the direct descriptor
  uint64_t bytes_buffered = 0;  // reached it through the page cache: ragged edges, small files
  uint64_t bytes_passed = 0;    // never cached: the program's call went to the kernel as it was
  uint64_t calls_passed = 0;
  uint64_t drains = 0;  // hand-overs that had something to write
  uint64_t waits = 0;   // times a write waited for the device
  uint64_t wait_ns = 0;
  uint64_t errors = 0;
  std::array<uint32_t, static_cast<size_t>(HandBack::kCount)> hand_backs{};

  void add(const Counters& other);
};

/// Files that were only read, and how much of them.
struct Reads {
  uint64_t files = 0, bytes = 0;
  void add(const Reads& other) {
    files += other.files;
    bytes += other.bytes;
  }
};

/// One word for the report, the JSON and the log: "stdio", "mapped"; "none" for kNone.
std::string_view name_of(HandBack reason);
/// "direct", "dontcache"; "undecided" while nothing was written.
std::string_view name_of(Rung rung);

}  // namespace seqshim
