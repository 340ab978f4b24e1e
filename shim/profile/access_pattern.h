// How a file is written: what one write call after the other adds up to. Arithmetic only, on memory
// that may be shared and that begins as zeroes.
#pragma once

#include <algorithm>
#include <cstdint>

#include "shim/report/counters.h"

namespace seqshim::profiling {

/// A write call that has returned.
struct WriteCall {
  int64_t offset;     // where in the file it began
  uint64_t asked;     // bytes that it was to write
  uint64_t written;   // bytes that it wrote, not more than `asked`
  uint64_t start_ns;  // CLOCK_MONOTONIC
  uint64_t end_ns;
};

/// How many calls kept to multiples of a block size.
struct Alignment {
  uint64_t offsets, sizes, both;

  void note(const WriteCall& call, uint64_t block) {
    const bool at = static_cast<uint64_t>(call.offset) % block == 0;
    const bool of = call.written % block == 0;
    offsets += at ? 1 : 0;
    sizes += of ? 1 : 0;
    both += at && of ? 1 : 0;
  }
  void add(const Alignment& other) {
    offsets += other.offsets;
    sizes += other.sizes;
    both += other.both;
  }
};

/// Zero is a file that was never written. A run is a series of calls each of which begins where the
/// one before ended.
struct AccessPattern {
  uint64_t calls;  // that wrote something, or were to write nothing
  uint64_t bytes;
  uint64_t short_calls;  // that wrote less than they were to
  uint64_t failed;
  SizeHistogram sizes;
  Alignment to_512, to_4096;
  uint64_t runs;
  uint64_t longest_run;  // bytes
  uint64_t seeks_back, seeks_ahead;
  uint64_t rewrites;  // calls that wrote below the end of the file
  uint64_t rewritten_bytes;
  uint64_t holes;  // calls that began behind the end of the file
  uint64_t hole_bytes;
  uint64_t syncs, sync_ns;
  uint64_t write_ns, longest_write_ns;
  SizeHistogram gaps;  // ns between the end of a call and the start of the next
  uint64_t first_ns, last_ns;

  int64_t position;      // where the last call ended
  int64_t end;           // of the file, as far as is known
  uint64_t run_bytes;    // of the run that goes on
  uint64_t last_end_ns;  // when the last call ended; 0: there was none

  /// What the kernel says of the file's size, before the next call. Others may have extended the
  /// file, or cut it short: who was at its end is there still.
  void refresh(int64_t size) {
    if (position == end || position > size) position = size;
    end = size;
  }

  void note(const WriteCall& call) {
    note_time(call);
    ++calls;
    sizes.note(call.written);
    if (call.written < call.asked) ++short_calls;
    if (call.written == 0) return;
    bytes += call.written;
    to_512.note(call, 512);
    to_4096.note(call, 4096);
    note_place(call.offset, call.written);
  }

  /// The same file as another process has written it, or this one under another name.
  void add(const AccessPattern& other);

 private:
  void note_time(const WriteCall& call) {
    const uint64_t spent = call.end_ns - call.start_ns;
    write_ns += spent;
    longest_write_ns = std::max(longest_write_ns, spent);
    if (last_end_ns == 0) {
      first_ns = call.start_ns;
    } else {
      // Calls of several threads may overlap.
      gaps.note(call.start_ns > last_end_ns ? call.start_ns - last_end_ns : 0);
    }
    last_end_ns = std::max(last_end_ns, call.end_ns);
    last_ns = last_end_ns;
  }

  void note_place(int64_t offset, uint64_t written) {
    const bool first = runs == 0;
    if (first || offset != position) {
      if (!first) ++(offset < position ? seeks_back : seeks_ahead);
      ++runs;
      run_bytes = 0;
    }
    const auto length = static_cast<int64_t>(written);
    run_bytes += written;
    longest_run = std::max(longest_run, run_bytes);
    if (offset < end) {
      ++rewrites;
      rewritten_bytes += static_cast<uint64_t>(std::min(offset + length, end) - offset);
    } else if (offset > end) {
      ++holes;
      hole_bytes += static_cast<uint64_t>(offset - end);
    }
    position = offset + length;
    end = std::max(end, position);
  }
};

inline void AccessPattern::add(const AccessPattern& other) {
  if (other.last_ns != 0) {
    first_ns = last_ns == 0 ? other.first_ns : std::min(first_ns, other.first_ns);
    last_ns = std::max(last_ns, other.last_ns);
  }
  calls += other.calls;
  bytes += other.bytes;
  short_calls += other.short_calls;
  failed += other.failed;
  sizes.add(other.sizes);
  to_512.add(other.to_512);
  to_4096.add(other.to_4096);
  runs += other.runs;
  longest_run = std::max(longest_run, other.longest_run);
  seeks_back += other.seeks_back;
  seeks_ahead += other.seeks_ahead;
  rewrites += other.rewrites;
  rewritten_bytes += other.rewritten_bytes;
  holes += other.holes;
  hole_bytes += other.hole_bytes;
  syncs += other.syncs;
  sync_ns += other.sync_ns;
  write_ns += other.write_ns;
  longest_write_ns = std::max(longest_write_ns, other.longest_write_ns);
  gaps.add(other.gaps);
  end = std::max(end, other.end);
}

}  // namespace seqshim::profiling
