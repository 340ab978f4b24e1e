// What the exported functions ask: which file a descriptor stands for, and that the kernel know
// all about it before it is asked. Every function here may be called by any thread, in a signal
// handler, in a forked child and in a child of vfork. errno stays as it is.
#pragma once

#include <sys/stat.h>
#include <sys/uio.h>

#include "shim/file/inode.h"
#include "shim/file/section.h"
#include "shim/file/state.h"
#include "shim/file/trial.h"

namespace seqshim {

// Looking up

/// Never unknown, but for a number that isn't open. A number seen for the first time is looked at:
/// inherited, or made behind our back, it is managed if a pattern names its file. While it is on
/// trial, or may go there, it passes as another file.
FdEntry entry_of(int fd);
/// The same, but that it is looked at now, which ends a trial.
FdEntry examined(int fd);

/// The quick form for the hot path: true, and nothing else to do, when the call is the kernel's.
inline bool passes(int fd) { return state().fds[fd].passes(); }

/// What the kernel must know before a call: the bytes that were accepted, the position, or both.
enum class Need : uint8_t { kData = 1, kPosition = 2, kBoth = 3 };

// Writing

inline constexpr int64_t kAtPosition = -1;

/// Whether the number still is of that description.
inline bool stands_for(int fd, const OpenFile* file) { return state().fds[fd].file() == file; }

/// The hot path: true if all bytes were accepted, where the one before left off. False: nothing
/// has happened. Only in a program of one thread: a handler on top of it may lock what it likes,
/// since no other thread can wait for the inode that the interrupted append holds.
inline bool append_at_once(int fd, FdEntry entry, const void* source, size_t bytes) {
  OpenFile* const file = entry.file();
  if (file == nullptr || !__libc_single_threaded || in_vfork_child()) return false;
  Inode* const inode = file->inode.load(std::memory_order_acquire);
  return inode != nullptr &&
         inode->append_at_position(*file, source, bytes, [&] { return stands_for(fd, file); });
}

/// The same of a description that other processes hold, too. False: nothing has happened, but that
/// `reserved`, unless it stays kAtPosition, says where the bytes must go. Where there are signal
/// handlers, none must come between the reservation and the bytes: write_managed() sees to it.
[[gnu::always_inline]] inline bool append_claimed_at_once(int fd, const void* source, size_t bytes,
                                                          int64_t& reserved) {
  OpenFile* const file = state().fds[fd].file();
  if (file == nullptr || !__libc_single_threaded || in_vfork_child()) return false;
  Inode* const inode = file->inode.load(std::memory_order_acquire);
  return inode != nullptr && file->reserves() && !signals_are_handled() &&
         inode->append_claimed(*file, source, bytes, reserved,
                               [&] { return stands_for(fd, file); });
}

/// The program's write, the longer way; at its position, or where it was `reserved`.
/// Outcome::pass(): make the call.
Outcome write_managed(int fd, const void* source, size_t bytes, int64_t reserved = kAtPosition);
Outcome write_managed(int fd, const iovec* vectors, int count);
Outcome pwrite_managed(int fd, const iovec* vectors, int count, int64_t offset);

/// The same of `bytes` of another file, from `from_offset` on; at the position for an `offset` of
/// kAtPosition. A value may be less than asked for: the file ended, or the kernel is to go on.
Outcome copy_managed(int fd, int64_t offset, int from, int64_t from_offset, size_t bytes);

// What moves the position otherwise: done here, so that no other thread's write takes the position
// between the hand-over and the call.

Outcome seek_managed(int fd, int64_t offset, int whence, Need need);
Outcome read_managed(int fd, void* target, size_t bytes);
Outcome read_managed(int fd, const iovec* vectors, int count);

// Reading past the page cache

/// Before the kernel reads up to `bytes` of `fd`, at `offset` or kAtPosition: if nothing of it is
/// to stay in the page cache, looks at what is there already. nullptr: it is no such file.
ReadFile* about_to_read(int fd, int64_t offset, size_t bytes);
/// Makes `call`, which does so and returns how many there were.
template <class Call>
auto follow_read(int fd, int64_t offset, size_t bytes, Call call) -> decltype(call()) {
  ReadFile* const file = about_to_read(fd, offset, bytes);
  const auto result = call();
  if (file != nullptr && result > 0)
    file->bytes.fetch_add(static_cast<uint64_t>(result), std::memory_order_relaxed);
  return result;
}

// Before the kernel is asked

/// False: the number is one of ours, which the program must find closed (EBADF).
bool prepare(int fd, Need need);
/// prepare(), and nothing is cached for this file ever after.
bool prepare_hand_back(int fd, HandBack reason);
/// Before `fd` is locked, or a stream comes to it that we can't see: its file is handed back, and
/// this process never caches it again. False as with prepare().
bool renounce(int fd, HandBack reason);
/// The same before `fd` is mapped, also by a child of vfork: its memory is ours.
bool prepare_mapping(int fd);
/// prepare() for the file that a path names, if it is managed. Returns which file that is, by now
/// it may be another; zero: none, or nobody looked.
FileId prepare_path(int directory, const char* path, int at_flags);
/// The same by what stat says of it. True: there was something, so what stat said is out of date.
bool prepare_inode(const struct stat& facts);
/// Counts bytes that reached the file of `fd`, if it is managed, without passing through here.
void note_passed(int fd, size_t bytes);
/// An error that is due to the file of `fd`, once; 0: none.
int take_error(int fd);

// Descriptors coming and going

/// After an open by this process returned `fd` (nothing happens if it is negative), of a path that
/// led to `prepared`, if it was one.
void opened(int fd, int flags, const FileId& prepared = {});
/// After any other call returned `fd`: whatever we knew of the number is out of date.
void renewed(int fd);
/// After `copy` became another number for what `fd` stands for.
void duplicated(int fd, int copy);
/// Before the program closes `fd`: returns the errno that close has to report, or 0. kNotOpen: it
/// is one of ours, which the program must find closed.
int closing(int fd);
inline constexpr int kNotOpen = -1;
/// Before the kernel closes `fd` on its own account, as dup2 does: with SEQSHIM_SYNC its file is
/// durable then, as after a close.
void about_to_vanish(int fd);
/// Before the program makes `number` another one of `fd`: one of ours moves out of the way, and, in
/// a program with threads, none comes there. True: something is open there until the program's call
/// replaces it, and is to be closed if that fails.
bool make_way(int number, int fd);
/// After fcntl(F_SETFL): what the description is for us may have changed.
void flags_changed(int fd);
/// Before another process comes to hold what `fd` stands for. False as with prepare().
bool shared(int fd);

// The whole process

/// The kernel knows all about every file.
void hand_over_all();
/// Likewise, and other processes come to share the descriptions.
void hand_over_all_and_claim();
/// From now on, for good, nothing is cached, and nothing is.
void close_gate();
/// The same for as long as this thread tries to become another program.
class GateClosure {
 public:
  GateClosure();
  ~GateClosure();
  GateClosure(const GateClosure&) = delete;
  GateClosure& operator=(const GateClosure&) = delete;

 private:
  const bool effective_;
};
/// With SEQSHIM_SYNC: what has been written to files that are open is durable. The gate is closed.
void make_durable();
/// What is still to come are other libraries' destructors and the streams that libc flushes after
/// all else, before it just ends: what is due at the end of a file is done from now on after each
/// of their writes.
void note_end();
void written_at_end(int fd);
/// After a write to `fd`.
inline void has_written(int fd) {
  if (state().ends.load(std::memory_order_relaxed)) [[unlikely]]
    written_at_end(fd);
}
/// Nothing is managed any more, nor ever again, and no call is made but the program's: for one that
/// restricts its own system calls.
void retire(HandBack reason);
/// Gives the numbers of our descriptors to a program that has run out of them: every file is handed
/// back. False: there was nothing to give.
bool give_up_descriptors();
/// Before the program's first thread makes another: locks that a handler has jumped away from,
/// which this thread alone could pass, are let go.
void second_thread_begins();
/// Ends the engine's thread, until the next byte is accepted.
void stop_engine();
/// Of what the children of this process have used, takes out what ours have.
void leave_out_ours(rusage& of_children);
/// Ends the engine's thread and the guard, both until the next byte is accepted.
void dismiss_helpers();
/// Before the calling thread gets a descriptor table of its own. If there are others, numbers mean
/// different things from then on, and nothing is cached any more.
void split_descriptors();
/// Writes out what is to be reported of the process so far.
void emit_report();

}  // namespace seqshim
