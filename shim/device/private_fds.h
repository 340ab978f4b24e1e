// Descriptors of ours in the program's table: moved high, out of the way of its lowest-free-number
// arithmetic, close-on-exec, and known, so that the program's close loops can be led around them.
#pragma once

#include "shim/system/mutex.h"

namespace seqshim {

inline constexpr int kDescriptorLimit = 1 << 20;  // the kernel's default fs.nr_open
inline constexpr int kLeastPrivate = 512;

// Thread-safe; signals are blocked, as for any lock.

/// From the start, if there are to be threads: one that a forked child finds free.
void lock_numbers_by(Mutex& lock);

/// A second number for `fd`'s open file description; -1 if there is none to be had.
int duplicate_private(int fd);
/// A second description of the file behind `fd`: write-only, O_DIRECT, `extra_flags`; or -1.
int open_private_direct(int fd, int extra_flags);
/// Returns 0, or the errno of lost bytes: network file systems and FUSE report them here.
int close_private(int fd);
/// Its number was closed behind our back, and may be the program's by now.
void forget_private(int fd);

bool is_private(int fd);

enum class Taken { kNot, kNow, kOurs };
/// If `number` is free, gives it to `fd`'s description, so that none of ours comes there before the
/// program has put there what it wants. kOurs: one is there.
Taken take_if_free(int number, int fd);
/// Whether the program has something at `fd`, 512 or higher, where one of ours may come at any
/// time.
bool is_programs(int fd);

/// The first private descriptor in [from, to], or -1.
int next_private(int from, int to);

/// In a forked child: closes what it has inherited of the parent's.
void close_inherited_private();

}  // namespace seqshim
