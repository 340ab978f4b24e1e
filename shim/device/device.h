// One file's way to the disk: the rung it stands on, the direct descriptor, and the edges that went
// through the page cache and are to leave it again.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "shim/device/transfer.h"
#include "shim/report/counters.h"
#include "shim/system/file_id.h"

namespace seqshim {

class Device {
 public:
  /// `pace`: of all that goes this way; it outlives the device.
  Device(const FileId& file, Pace& pace) : file_(file), pace_(pace) {}

  Rung rung() const { return rung_; }
  bool decided() const {
    return rung_ != Rung::kUndecided && (rung_ != Rung::kDirect || direct_ >= 0);
  }
  int direct_fd() const { return direct_; }
  /// -1: whole units go through the page cache as well.
  int usable_direct() const { return rung_ == Rung::kDirect ? direct_ : -1; }
  /// To which offset, length and address of direct writes are aligned, in bytes.
  uint32_t unit() const { return unit_; }
  void direct_fd_moved(int fd) { direct_ = fd; }

  /// Chooses the rung: opens a second, O_DIRECT description of the file behind `plain` and asks for
  /// its alignment. `append`: the description keeps O_APPEND. Needs /proc; without it, or where
  /// the file refuses O_DIRECT, one rung down. kPlain: memory is its storage, don't cache at all.
  void decide(int plain, bool append);

  /// Fills in how `transfer`, whose offset, data and bytes are set, is to be carried out.
  void prepare(Transfer& transfer, int plain, size_t least_direct);
  /// After a transfer failed, those behind it fail too, until this.
  void forget_refusal() { refusal_.store(0, std::memory_order_relaxed); }

  /// Learns from a finished transfer: steps down where the direct descriptor refused, or where the
  /// first direct write turns out to have gone through the page cache after all, or nothing that
  /// was written can be dropped from there. Returns 0 or the errno of a writeback that it waited
  /// for.
  int learn(const Transfer& transfer);

  /// [from, to) went through the page cache.
  void note_edge(int64_t from, int64_t to);

  /// Waits for the edges' writeback and drops them from the page cache, if most went direct.
  /// Returns 0 or the errno of the writeback.
  int drop_edges(int plain);

  /// The direct descriptor is closed; another decide() may open one anew.
  void lose_direct();

 private:
  void note_edges(const Transfer& transfer);
  void verify_direct(const Transfer& transfer);
  int verify_dropping(const Transfer& transfer);

  const FileId file_;
  Pace& pace_;
  Rung rung_ = Rung::kUndecided;
  bool verified_ = false;           // the first direct write was looked at
  bool dropping_verified_ = false;  // the first one that was dropped
  bool alone_ = true;               // each transfer is to be a call of its own
  int direct_ = -1;  // stays open whatever the rung, since transfers may be under way on it
  uint32_t unit_ = 4096;
  std::atomic<int> refusal_{0};
  // Hull of what went through the page cache; empty when from >= to.
  int64_t edges_from_ = INT64_MAX;
  int64_t edges_to_ = 0;
};

}  // namespace seqshim
