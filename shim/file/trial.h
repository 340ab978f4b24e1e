// Trial: what a descriptor's file is, is asked only when it has been written 64 KiB to (or
// SEQSHIM_DIRECT_MIN, if that is less). Until then the kernel gets its writes as they are: a small
// file costs nothing beyond them, and a program that writes nothing else has neither pool nor
// guard.
//
// A descriptor that this process has opened for writing is on trial from then on; one that was
// inherited, or opened behind our back, from its first write. While any file is managed, it is
// known of each of them that it isn't one of those: it is looked at when it is opened, or first
// touched, and each time another file comes to be managed.
#pragma once

#include <cstddef>

#include "shim/file/fd_table.h"
#include "shim/system/file_id.h"

namespace seqshim {

/// As many bytes are written to a file before it is worth caching.
size_t most_on_trial();

/// How many more may be written to `fd` before its trial is over, if it is on trial or may go on.
size_t room_on_trial(int fd);

/// Descriptors may go on trial. Not while the program has threads, when none goes on; nor where
/// files of any size are of concern, as for a report: then the file itself is (Inode::is_on_trial).
bool trials_are_held();

/// Whether what is behind `fd`, so far unknown, can wait until it has been written to: meanwhile
/// all is the kernel's.
bool may_go_on_trial(int fd, FdEntry entry);

/// Around the program's call that writes `bytes` to `fd`.
///
/// A signal handler may come in between, and write to the same file: were that cached, the call
/// would overtake it. So until it returns no trial ends, and no other file comes to be managed.
/// While there are threads, whose calls can't wait for each other, no trial goes on.
class TrialWrite {
 public:
  TrialWrite(int fd, size_t bytes);
  ~TrialWrite();
  TrialWrite(const TrialWrite&) = delete;
  TrialWrite& operator=(const TrialWrite&) = delete;

  /// The call is the kernel's. If not, `fd` is to be looked at.
  bool goes_on() const { return goes_on_; }
  /// Once the call is made: it wrote so many bytes, whatever was said before.
  void wrote(size_t bytes);
  /// Whether one is: this is a handler on top of it, or was left by a jump out of it.
  static bool under_way();

 private:
  const int fd_;
  const size_t bytes_;
  bool goes_on_;
};

/// Which file it is, briefly; never 0.
uint32_t tag_of(const FileId& file);

/// Other processes come to hold what `fd` stands for, or what all of them do.
void share_on_trial(int fd);
void share_all_on_trial();

}  // namespace seqshim
