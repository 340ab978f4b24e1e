#include "shim/file/files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/kcmp.h>
#include <linux/magic.h>
#include <sys/resource.h>

#include <cstring>
#include <new>

#include "shim/device/private_fds.h"
#include "shim/device/residency.h"
#include "shim/file/section.h"
#include "shim/report/log.h"
#include "shim/system/alone.h"
#include "shim/system/clock.h"
#include "shim/system/file_system_type.h"
#include "shim/system/proc_path.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

/// The fourth access mode permits neither reading nor writing, and O_PATH overrides it.
bool writable(int flags) {
  if ((flags & O_PATH) != 0) return false;
  return (flags & O_ACCMODE) == O_WRONLY || (flags & O_ACCMODE) == O_RDWR;
}

bool readable(int flags) {
  if ((flags & O_PATH) != 0) return false;
  return (flags & O_ACCMODE) == O_RDONLY || (flags & O_ACCMODE) == O_RDWR;
}

bool status_of(int fd, struct stat& facts) { return sys::call_with(__NR_fstat, fd, &facts) == 0; }

// The registry: every managed inode, by device and number

Inode*& bucket_of(const FileId& file) { return state().buckets[hash_of(file) % State::kBuckets]; }

Inode* find_inode(const struct stat& facts) {
  const FileId id = id_of(facts);
  Inode* inode = bucket_of(id);
  while (inode != nullptr && inode->id() != id) inode = inode->next_registered;
  return inode;
}

/// What the kernel calls the file behind `fd`. Empty: it won't say.
struct FileName {
  void read(int fd) {
    const ProcPath link(fd);
    const long length = sys::call_with(__NR_readlinkat, AT_FDCWD, link.text, text, sizeof text - 1);
    text[length > 0 ? length : 0] = '\0';
    // The name of a file that has none any more.
    constexpr std::string_view kDeleted = " (deleted)";
    std::string_view name(text);
    if (name.ends_with(kDeleted)) text[name.size() - kDeleted.size()] = '\0';
  }
  char text[4096 + 16] = {};
};

Inode* register_inode(const struct stat& facts, const char* path) {
  auto* const room = state().inodes.allocate();
  if (room == nullptr) return nullptr;
  auto* const inode = new (room->body) Inode(room->lock, pool(), state().pace, id_of(facts));
  inode->set_path(path);
  inode->note_start(facts);
  Inode*& head = bucket_of(inode->id());
  inode->next_registered = head;
  head = inode;
  // Before adopt_others() looks, and what is mapped: see manages_any_by_now().
  state().inode_count.fetch_add(1, std::memory_order_seq_cst);
  return inode;
}

/// After something was stored that whoever registers a file looks at: either this sees the first
/// managed file, or that one sees what was stored. The addition orders the store before it.
bool manages_any_by_now() {
  return state().inode_count.fetch_add(0, std::memory_order_seq_cst) != 0;
}

/// By the name it had: who asks for a report doesn't mind if that is lost, and it is told nothing.
bool was_written_unseen(const Inode& inode) {
  struct stat now;
  return sys::call_with(__NR_newfstatat, AT_FDCWD, inode.path(), &now, 0) == 0 &&
         id_of(now) == inode.id() && inode.written_unseen(now);
}

void record(const Inode& inode) {
  if (config().report == ReportKind::kNone) return;
  FileRecord file{};
  std::strncpy(file.path, inode.path(), sizeof file.path);
  file.counters = inode.counters();
  file.rung = inode.rung();
  file.hand_back = inode.handed_back();
  if (file.hand_back == HandBack::kNone && inode.is_small()) file.hand_back = HandBack::kSmall;
  if (file.hand_back == HandBack::kNone && was_written_unseen(inode)) {
    file.hand_back = HandBack::kUnseen;
    ++file.counters.hand_backs[static_cast<size_t>(HandBack::kUnseen)];
  }
  state().report.add(file);
}

/// Its last description is gone, and its lock is not held.
void unregister_inode(Inode* inode) {
  inode->end_progress();
  record(*inode);
  Inode** link = &bucket_of(inode->id());
  while (*link != inode) link = &(*link)->next_registered;
  *link = inode->next_registered;
  state().inode_count.fetch_sub(1, std::memory_order_relaxed);
  state().by_use.leaves(*inode);
  inode->~Inode();
  state().inodes.recycle(inode);
}

template <class Visit>
void for_each_inode(Visit visit) {
  if (!manages_any()) return;
  for (Inode* head : state().buckets)
    for (Inode* inode = head; inode != nullptr; inode = inode->next_registered) visit(*inode);
}

// Locking one inode

/// Holds an inode's lock, or finds that this very thread holds it already: then this is a signal
/// handler on top of the hot path, whose append has changed nothing yet and will notice.
class InodeLock {
 public:
  explicit InodeLock(Inode& inode) : inode_(inode) {
    if (!inode.lock.held_by_this_thread()) {
      inode.lock.lock();
    } else if (inode.append_goes_on()) {
      interrupted_ = true;
    } else {
      inode.hand_over_interrupted();  // and the lock is ours
    }
  }
  ~InodeLock() {
    if (!interrupted_) inode_.lock.unlock();
  }
  InodeLock(const InodeLock&) = delete;
  InodeLock& operator=(const InodeLock&) = delete;

  bool interrupted() const { return interrupted_; }

 private:
  Inode& inode_;
  bool interrupted_ = false;
};

void satisfy(Inode& inode, bool interrupted, Need need) {
  if (interrupted) return inode.hand_over_interrupted();
  const auto bits = static_cast<unsigned>(need);
  if ((bits & static_cast<unsigned>(Need::kData)) != 0) inode.drain();
  if ((bits & static_cast<unsigned>(Need::kPosition)) != 0) inode.publish();
}

/// Runs `action(file, inode, interrupted)` for the managed file behind `fd`, locked. Returns
/// `otherwise` if there is none (any more).
template <class Result, class Action>
Result with_locked(int fd, Result otherwise, Action action) {
  for (;;) {
    OpenFile* const file = state().fds[fd].file();
    if (file == nullptr) return otherwise;
    Inode* const inode = file->inode.load(std::memory_order_acquire);
    if (inode == nullptr) continue;  // on its way out; its entry changes first
    InodeLock lock(*inode);
    if (state().fds[fd].file() == file && file->inode.load(std::memory_order_relaxed) == inode)
      return action(*file, *inode, lock.interrupted());
  }
}

// Descriptions

void apply_flags(OpenFile& file, int flags) {
  const bool appends = (flags & O_APPEND) != 0;
  file.writable = writable(flags);
  file.bypass = (flags & kOwnWay) != 0 || (appends && !config().append);
  file.append = appends && config().append;
}

/// Registry locked, inode locked.
OpenFile* attach_file(Inode& inode, int fd, int flags, bool claimed) {
  if (!state().fds.reaches(fd)) return nullptr;
  auto* const room = state().files.allocate();
  if (room == nullptr) return nullptr;
  auto* const file = new (room->body) OpenFile;
  apply_flags(*file, flags);
  // Of a file that is appended to, one writer may be cached, and its descriptors alone are used.
  for (const OpenFile* other = inode.files(); other != nullptr; other = other->next)
    if (file->writable && other->writable && (file->append || other->append))
      inode.hand_back(HandBack::kAppend);
  file->claimed = claimed;
  file->descriptors = 1;
  inode.attach(*file);
  if (file->writable && file->bypass)
    inode.note_bypass((flags & O_APPEND) != 0 ? HandBack::kAppend : HandBack::kOwnDirect);
  state().fds.set(fd, FdEntry::managed(file));
  return file;
}

/// Whether what is known of `fd` leaves it open that it is of the file with that tag, which so far
/// was no concern of ours.
bool may_be_of(uint32_t tag, FdEntry entry) {
  if (entry.is_other_file()) return true;
  return entry.is_on_trial() && (entry.trial().file_tag == 0 || entry.trial().file_tag == tag);
}

/// One on trial is looked at once: there may be thousands.
bool is_of(const Inode& inode, int fd, FdEntry entry) {
  struct stat facts;
  if (!status_of(fd, facts)) return false;
  if (Trial trial = entry.trial(); entry.is_on_trial() && trial.file_tag == 0) {
    trial.file_tag = tag_of(id_of(facts));
    state().fds.replace(fd, entry, FdEntry::on_trial(trial));
  }
  return id_of(facts) == inode.id();
}

/// Registry locked. The kernel's name of the file behind `fd`; nullptr: it has none.
const char* name_behind(int fd) {
  // Not on the stack: a thread's may be no larger than 16 KiB.
  static constinit FileName name;
  name.read(fd);
  return name.text[0] == '/' ? name.text : nullptr;
}

/// Registry locked. The same if a pattern matches it, else nullptr.
const char* matching_name(int fd) {
  if (config().match.empty()) return nullptr;
  const char* const name = name_behind(fd);
  return name != nullptr && matches(name) ? name : nullptr;
}

// Files that are read

/// Registry locked. Drops what is still to be dropped of what was read.
void finish_read(int fd, ReadFile& file) {
  if (file.bytes.load(std::memory_order_relaxed) == 0 || !file.try_hold()) return;
  // The number may be another file's by now.
  if (is_open_on(fd, file.id)) file.finish(fd);
  file.let_go();
}

/// Registry locked.
void report_read(ReadFile& file) {
  const uint64_t bytes = file.bytes.load(std::memory_order_relaxed);
  const bool blind = file.blind.load(std::memory_order_relaxed);
  if (bytes > file.reported && config().report != ReportKind::kNone)
    state().report.note_read(bytes - file.reported, blind);
  if (bytes > file.reported && progress() != nullptr && !blind) {
    progress()->files_read.fetch_add(1, std::memory_order_relaxed);
    progress()->bytes_read.fetch_add(bytes - file.reported, std::memory_order_relaxed);
  }
  file.reported = bytes;
}

/// Registry locked. The number `fd` no longer stands for its file.
void release_read(int fd) {
  ReadFile* const file = state().fds[fd].read_file();
  if (file == nullptr) return;
  if (file->descriptors == 1) finish_read(fd, *file);
  state().fds.set(fd, FdEntry::unknown());
  if (--file->descriptors > 0) return;
  report_read(*file);
  state().read_files.remove(*file, file->try_hold());
}

/// Registry locked. Finds out what kind of device the file is on, unless the last one was on it.
void look_at_device(int fd, const struct stat& facts) {
  auto& device = state().device;
  if (device.known && device.id == facts.st_dev) return;
  const unsigned long type = sys::file_system_type(fd);
  const bool leaves_nothing =
      sys::lives_in_memory(type) || type == PROC_SUPER_MAGIC || type == SYSFS_MAGIC;
  device = {facts.st_dev, true, leaves_nothing, type == OVERLAYFS_SUPER_MAGIC};
}

/// Registry locked.
bool is_to_be_followed(int fd) {
  const char* const name = name_behind(fd);
  return name != nullptr && matches_read(name);
}

/// Registry locked. What `fd`, a regular file that isn't managed, is to us.
FdEntry admit_for_reading(int fd, int flags, const struct stat& facts, bool just_opened) {
  const bool followed = !config().read.empty() && readable(flags) && (flags & O_DIRECT) == 0 &&
                        state().fds.reaches(fd);
  if (!followed) return FdEntry::other_file();
  ReadFile* file = state().read_files.find(id_of(facts));
  if (file == nullptr) {
    look_at_device(fd, facts);
    if (state().device.is_left_alone || !is_to_be_followed(fd)) return FdEntry::other_file();
    begin();
    file = state().read_files.add(id_of(facts), facts.st_size, state().device.stacked);
    if (file == nullptr) return FdEntry::other_file();
    if (just_opened) file->advance(fd, 0, 0);
  } else {
    file->moved();
  }
  ++file->descriptors;
  return FdEntry::followed(file);
}

/// Descriptors that were no concern of ours may turn out to be of the file that now is: opened
/// read-only before, or under another name.
void adopt_others(Inode& inode) {
  const uint32_t tag = tag_of(inode.id());
  state().fds.for_each_known([&](int fd, FdEntry entry) {
    if (!may_be_of(tag, entry) || !is_of(inode, fd, entry)) return;
    const long flags = sys::call_with(__NR_fcntl, fd, F_GETFL);
    release_read(fd);
    if (flags >= 0) attach_file(inode, fd, static_cast<int>(flags), true);
  });
}

/// Whether anyone holds a lock of the file. This process itself may, from before an exec, and would
/// lose it as soon as we closed a descriptor of ours. Asked as an open file description, which is
/// told of its own process's locks too.
bool is_locked(int fd) {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return sys::call_with(__NR_fcntl, fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

const char* manageable_name(int fd, int flags) {
  if (!writable(flags)) return nullptr;
  const char* const name = matching_name(fd);
  if (name == nullptr) return nullptr;
  begin();
  return fd <= 2 && !sees_stdio() ? nullptr : name;
}

/// False: too many are mapped or locked to know any that isn't.
bool may_cache_files() { return !renounced().every_file() && !mapped_files().every_file(); }

/// Registry locked. Decides what `fd`, a regular file, is to us.
FdEntry admit(int fd, int flags, const struct stat& facts, bool claimed) {
  Inode* inode = state().live ? find_inode(facts) : nullptr;
  const bool is_wanted = may_cache_files() || config().concerns_small_files();
  if (inode == nullptr && is_wanted) {
    if (TrialWrite::under_way()) return FdEntry::other_file();  // for now
    if (const char* const name = manageable_name(fd, flags)) {
      inode = register_inode(facts, name);
      if (inode != nullptr) {
        InodeLock lock(*inode);
        adopt_others(*inode);
        HandBack reason = renounced().reason(id_of(facts), fd);
        if (reason == HandBack::kNone && is_locked(fd)) reason = HandBack::kLocked;
        if (reason == HandBack::kNone && mapped_files().may_have(fd)) reason = HandBack::kMapped;
        if (reason != HandBack::kNone) inode->hand_back(reason);
      }
    }
  }
  OpenFile* file = nullptr;
  if (inode != nullptr) {
    InodeLock lock(*inode);
    // It may be one of the descriptions that are known: from now on the kernel keeps its position.
    if (claimed) {
      satisfy(*inode, lock.interrupted(), Need::kBoth);
      inode->claim_all();
    }
    file = attach_file(*inode, fd, flags, claimed);
  }
  if (file != nullptr) return FdEntry::managed(file);
  const FdEntry entry = admit_for_reading(fd, flags, facts, !claimed);
  state().fds.set(fd, entry);
  return entry;
}

/// Registry locked. The program's number `fd` no longer stands for its managed file.
void release(int fd) {
  release_read(fd);
  OpenFile* const file = state().fds[fd].file();
  if (file == nullptr) return;
  Inode* const inode = file->inode.load(std::memory_order_relaxed);
  bool last_of_inode = false;
  {
    InodeLock lock(*inode);
    state().fds.set(fd, FdEntry::unknown());
    if (--file->descriptors > 0) return;
    if (lock.interrupted()) {
      // The interrupted append still looks at both; the next release clears them away.
      inode->hand_over_interrupted();
      state().abandoned = true;
      return;
    }
    inode->detach(*file);
    state().files.recycle(file);
    last_of_inode = inode->files() == nullptr;
  }
  if (last_of_inode) unregister_inode(inode);
}

bool same_description(int fd, int other) {
  const long self = sys::call_with(__NR_getpid);
  return sys::call_with(__NR_kcmp, self, self, KCMP_FILE, fd, other) == 0;
}

/// Registry locked. Numbers of one description were on trial each for itself.
void join_copies(int fd) {
  OpenFile* const file = state().fds[fd].file();
  Inode& inode = *file->inode.load(std::memory_order_relaxed);
  if (inode.files() == file && file->next == nullptr) return;
  state().fds.for_each_known([&](int other, FdEntry entry) {
    const OpenFile* const theirs = entry.file();
    if (theirs == nullptr || theirs == file || theirs->inode != &inode) return;
    if (!same_description(fd, other)) return;
    release(other);
    const InodeLock lock(inode);
    state().fds.set(other, FdEntry::managed(file));
    ++file->descriptors;
  });
}

/// Registry locked. The trial of `fd` is over.
FdEntry end_trial(int fd, const Trial& trial, int flags, const struct stat& facts) {
  if (TrialWrite::under_way()) return FdEntry::other_file();
  state().fds.set(fd, FdEntry::unknown());
  const FdEntry entry = admit(fd, flags, facts, !trial.own);
  if (entry.file() == nullptr) return entry;
  join_copies(fd);
  Inode& inode = *entry.file()->inode.load(std::memory_order_relaxed);
  InodeLock lock(inode);
  inode.note_trial(trial, sys::call_with(__NR_lseek, fd, 0L, SEEK_CUR));
  return entry;
}

FdEntry identify(int fd) {
  if (inert() || fd < 0) return FdEntry::foreign();
  if (is_private(fd)) return FdEntry::hidden();
  struct stat facts;
  if (!status_of(fd, facts)) return FdEntry::unknown();
  const long flags = sys::call_with(__NR_fcntl, fd, F_GETFL);
  if (flags < 0) return FdEntry::unknown();
  if (!S_ISREG(facts.st_mode)) {
    state().fds.set(fd, FdEntry::foreign());
    return FdEntry::foreign();
  }
  Section section;
  MutexLock lock(state().registry_lock);
  const FdEntry entry = state().fds[fd];
  if (entry.is_on_trial()) return end_trial(fd, entry.trial(), static_cast<int>(flags), facts);
  return entry.is_unknown() ? admit(fd, static_cast<int>(flags), facts, true) : entry;
}

/// Registry locked. Takes out what release() had to leave.
void clear_abandoned() {
  if (!state().abandoned) return;
  state().abandoned = false;
  Inode* empty = nullptr;
  for_each_inode([&](Inode& inode) {
    InodeLock lock(inode);
    if (lock.interrupted()) {
      state().abandoned = true;
      return;
    }
    for (OpenFile *file = inode.files(), *next; file != nullptr; file = next) {
      next = file->next;
      if (file->descriptors > 0) continue;
      inode.detach(*file);
      state().files.recycle(file);
    }
    if (inode.files() == nullptr) empty = &inode;
  });
  if (empty != nullptr) {
    unregister_inode(empty);
    state().abandoned = true;  // look again next time
  }
}

/// The file that has rested longest, but for one whose append this thread has interrupted.
Inode* oldest_holder() {
  Inode* oldest = state().by_use.oldest();
  while (oldest != nullptr && oldest->lock.held_by_this_thread())
    oldest = state().by_use.after(*oldest);
  return oldest;
}

/// Writes it out for the sake of one that needs a cluster. False: that isn't worth it, or there is
/// none; then the next ones needn't ask.
bool make_room() {
  constexpr unsigned kNeedNotAsk = 64;
  MutexLock lock(state().registry_lock);
  Inode* const oldest = oldest_holder();
  if (oldest == nullptr) return false;
  InodeLock inode_lock(*oldest);
  if (!oldest->may_be_evicted()) {
    state().crowded.store(kNeedNotAsk, std::memory_order_relaxed);
    return false;
  }
  oldest->drain();
  return true;
}

/// Whether, a moment ago, there was no room to be made.
bool is_crowded() {
  const unsigned left = state().crowded.load(std::memory_order_relaxed);
  if (left == 0) return false;
  state().crowded.store(left - 1, std::memory_order_relaxed);
  return !pool_has_room();
}

/// Whether `fd` still stands for the file it did. A close by a raw system call is noticed here at
/// the latest, at the next cluster bound; then the number is looked at anew.
bool still_stands(int fd) {
  struct stat facts;
  const long result = sys::call_with(__NR_fstat, fd, &facts);
  return with_locked(fd, true, [&](OpenFile&, Inode& inode, bool) {
    return is_still_open_on(result, facts, inode.id());
  });
}

/// By the call that judges its arguments as the program's own would.
Outcome write_in_kernel(int fd, const Source& source, int64_t offset) {
  const iovec& only = source.vectors[0];
  long result;
  if (source.count == 1 && offset == kAtPosition)
    result = sys::call_with(__NR_write, fd, only.iov_base, only.iov_len);
  else if (source.count == 1)
    result = sys::call_with(__NR_pwrite64, fd, only.iov_base, only.iov_len, offset);
  else
    result = offset == kAtPosition
                 ? sys::call_with(__NR_writev, fd, source.vectors, source.count)
                 : sys::call_with(__NR_pwritev, fd, source.vectors, source.count, offset, 0L);
  return result < 0 ? Outcome::error(static_cast<int>(-result)) : Outcome::value(result);
}

template <class Write>
Outcome write_slowly(int fd, const Source& source, int64_t offset, Write write) {
  constexpr int kAttempts = 8;  // others may take the room that was made
  Section section;
  if (!still_stands(fd)) {
    renewed(fd);
    if (entry_of(fd).file() == nullptr) return Outcome::pass();
  }
  for (int attempt = is_crowded() ? kAttempts : 0;; ++attempt) {
    const Outcome outcome =
        with_locked(fd, Outcome::pass(), [&](OpenFile& file, Inode& inode, bool interrupted) {
          if (interrupted) inode.hand_over_interrupted();
          // Where there is no room to be made, the kernel takes the bytes.
          Outcome result = interrupted ? Outcome::pass() : write(file, inode, attempt < kAttempts);
          if (!source.is_memory()) return result;
          if (result.passes()) inode.note_passed(source.total);
          // Here, not after the lock is gone: another thread's write would take the same position.
          if (result.passes() && !interrupted && !inode.passing() && file.caches())
            result = write_in_kernel(fd, source, offset);
          return result;
        });
    if (!outcome.lacks_room()) return outcome;
    if (!make_room()) attempt = kAttempts - 1;
  }
}

/// False: the kernel is to judge what it makes of these.
bool total_of(const iovec* vectors, int count, size_t& total) {
  constexpr int kMaxVectors = 1024;  // UIO_MAXIOV
  total = 0;
  if (count <= 0 || count > kMaxVectors) return false;
  for (int i = 0; i < count; ++i) {
    if (vectors[i].iov_len > SSIZE_MAX - total) return false;
    total += vectors[i].iov_len;
  }
  return total > 0;
}

bool usable(const OpenFile* file) { return file != nullptr && !in_vfork_child(); }

/// A claimed description's bytes are reserved by moving the kernel's offset; once they are, they
/// are written there and nowhere else.
Outcome write_claimed(int fd, OpenFile& file, Inode& inode, const void* source, size_t bytes,
                      int64_t start) {
  const iovec vector{const_cast<void*>(source), bytes};
  if (start < 0 &&
      inode.append_claimed(file, source, bytes, start, [&] { return stands_for(fd, &file); }))
    return Outcome::value(static_cast<int64_t>(bytes));
  if (start < 0) return write_managed(fd, &vector, 1);
  const Source whole{&vector, 1, bytes};
  return write_slowly(fd, whole, start, [&](OpenFile& target, Inode& locked, bool may_wait) {
    // The number may be another file's by now.
    const bool reserved_there = &target == &file && &locked == &inode;
    return reserved_there ? locked.write_reserved(target, fd, start, whole)
                          : locked.write_at_position(target, fd, whole, may_wait);
  });
}

}  // namespace

FdEntry entry_of(int fd) {
  const FdEntry entry = state().fds[fd];
  if (entry.passes()) return entry;
  if (in_vfork_child()) return FdEntry::foreign();
  if (entry.is_on_trial() || may_go_on_trial(fd, entry)) return FdEntry::other_file();
  return entry.is_unknown() ? identify(fd) : entry;
}

FdEntry examined(int fd) {
  const FdEntry entry = state().fds[fd];
  if (in_vfork_child()) return FdEntry::foreign();
  return entry.is_unknown() || entry.is_on_trial() ? identify(fd) : entry;
}

Outcome write_managed(int fd, const void* source, size_t bytes, int64_t reserved) {
  OpenFile* const file = state().fds[fd].file();
  if (usable(file)) {
    const bool threads = !__libc_single_threaded;
    // A handler must not come between the reservation of bytes and the bytes.
    Section section(threads || (file->reserves() && signals_are_handled()));
    Inode* const inode = file->inode.load(std::memory_order_acquire);
    const auto stands = [&] { return stands_for(fd, file); };
    if (threads && inode != nullptr && inode->append_at_position(*file, source, bytes, stands))
      return Outcome::value(static_cast<int64_t>(bytes));
    if (inode != nullptr && inode->passing() && reserved < 0) {
      inode->note_passed(bytes);
      return Outcome::pass();
    }
    if (inode != nullptr && file->reserves())
      return write_claimed(fd, *file, *inode, source, bytes, reserved);
  }
  const iovec vector{const_cast<void*>(source), bytes};
  return write_managed(fd, &vector, 1);
}

namespace {

/// The long way of every write, at `offset` or kAtPosition.
Outcome write_vectors(int fd, const iovec* vectors, int count, int64_t offset) {
  const FdEntry entry = examined(fd);
  if (entry.is_hidden()) return Outcome::error(EBADF);
  if (entry.file() == nullptr) return Outcome::pass();
  size_t total;
  if (!total_of(vectors, count, total)) {
    prepare(fd, Need::kBoth);
    return Outcome::pass();
  }
  const Source source{vectors, count, total};
  return write_slowly(fd, source, offset, [&](OpenFile& file, Inode& inode, bool may_wait) {
    return offset == kAtPosition ? inode.write_at_position(file, fd, source, may_wait)
                                 : inode.write_at(file, fd, offset, source, may_wait);
  });
}

}  // namespace

Outcome write_managed(int fd, const iovec* vectors, int count) {
  return write_vectors(fd, vectors, count, kAtPosition);
}

Outcome pwrite_managed(int fd, const iovec* vectors, int count, int64_t offset) {
  if (offset < 0) return Outcome::pass();  // refused, whatever the descriptor
  OpenFile* const file = state().fds[fd].file();
  if (count == 1 && usable(file) && file->caches() && !file->append) {
    Section section(!__libc_single_threaded);
    Inode* const inode = file->inode.load(std::memory_order_acquire);
    const size_t bytes = vectors[0].iov_len;
    if (inode != nullptr && inode->append_at(*file, offset, vectors[0].iov_base, bytes,
                                             [&] { return stands_for(fd, file); }))
      return Outcome::value(static_cast<int64_t>(bytes));
  }
  return write_vectors(fd, vectors, count, offset);
}

Outcome copy_managed(int fd, int64_t offset, int from, int64_t from_offset, size_t bytes) {
  const Source range{nullptr, 0, bytes, from, from_offset};
  return write_slowly(fd, range, offset, [&](OpenFile& file, Inode& inode, bool may_wait) {
    return offset == kAtPosition ? inode.write_at_position(file, fd, range, may_wait)
                                 : inode.write_at(file, fd, offset, range, may_wait);
  });
}

Outcome seek_managed(int fd, int64_t offset, int whence, Need need) {
  const FdEntry entry = entry_of(fd);
  if (entry.is_hidden()) return Outcome::error(EBADF);
  const bool moves = offset != 0 || whence != SEEK_CUR;
  if (ReadFile* const read = entry.read_file(); read != nullptr && moves) read->moved();
  if (entry.file() == nullptr) return Outcome::pass();
  Section section;
  return with_locked(fd, Outcome::pass(), [&](OpenFile& file, Inode& inode, bool interrupted) {
    satisfy(inode, interrupted, need);
    if (moves) file.left_at = -1;  // no one else will have moved it
    const long result = sys::call_with(__NR_lseek, fd, offset, whence);
    return result < 0 ? Outcome::error(static_cast<int>(-result)) : Outcome::value(result);
  });
}

namespace {

template <class Size>
Outcome read_by(long number, int fd, const void* target, Size size) {
  const FdEntry entry = entry_of(fd);
  if (entry.is_hidden()) return Outcome::error(EBADF);
  if (entry.file() == nullptr) return Outcome::pass();
  Section section;
  return with_locked(fd, Outcome::pass(), [&](OpenFile& file, Inode& inode, bool interrupted) {
    satisfy(inode, interrupted, Need::kBoth);
    file.left_at = -1;
    if (!file.caches() || inode.passing()) return Outcome::pass();
    const long result = sys::call_with(number, fd, target, size);
    return result < 0 ? Outcome::error(static_cast<int>(-result)) : Outcome::value(result);
  });
}

}  // namespace

Outcome read_managed(int fd, void* target, size_t bytes) {
  return read_by(__NR_read, fd, target, bytes);
}

Outcome read_managed(int fd, const iovec* vectors, int count) {
  return read_by(__NR_readv, fd, vectors, count);
}

ReadFile* about_to_read(int fd, int64_t offset, size_t bytes) {
  const FdEntry entry = entry_of(fd);
  ReadFile* const file = entry.read_file();
  if (file == nullptr || !file->is_due(offset, bytes) || !file->try_hold()) return file;
  const bool stands = is_open_on(fd, file->id);
  if (stands && state().fds[fd] == entry) {
    const int64_t at = offset >= 0 ? offset : sys::call_with(__NR_lseek, fd, 0L, SEEK_CUR);
    if (at >= 0) file->advance(fd, at, bytes);
  }
  file->let_go();
  if (stands) return file;
  // Closed by a raw system call, and another file's since.
  if (state().fds[fd] == entry) renewed(fd);
  return entry_of(fd).read_file();
}

bool prepare(int fd, Need need) {
  const FdEntry entry = entry_of(fd);
  if (entry.is_hidden()) return false;
  OpenFile* const file = entry.file();
  if (file == nullptr) return true;
  Inode* const inode = file->inode.load(std::memory_order_acquire);
  if (inode == nullptr || !inode->busy()) return true;
  Section section;
  return with_locked(fd, true, [&](OpenFile&, Inode& locked, bool interrupted) {
    satisfy(locked, interrupted, need);
    return true;
  });
}

namespace {

void hand_back_locked(Inode& inode, bool interrupted, HandBack reason) {
  if (interrupted) inode.hand_over_interrupted();
  inode.hand_back(reason);
}

}  // namespace

bool prepare_hand_back(int fd, HandBack reason) {
  const FdEntry entry = examined(fd);
  if (entry.is_hidden()) return false;
  if (entry.file() == nullptr) return true;
  Section section;
  return with_locked(fd, true, [&](OpenFile&, Inode& inode, bool interrupted) {
    hand_back_locked(inode, interrupted, reason);
    return true;
  });
}

namespace {

/// Registry locked. Remembers `file`, which `fd` leads to, if it is or might become ours.
void note_renounced(int fd, FdEntry entry, const FileId& file, HandBack reason) {
  if (renounced().reason(file, fd) != HandBack::kNone) return;
  if (entry.file() != nullptr || matching_name(fd) != nullptr) {
    renounced().note(file, fd, reason);
    if (renounced().every_file())
      log_event(config().log_path, "inert", "", "too many files are locked to remember");
  } else if (entry.read_file() == nullptr) {
    state().fds.set(fd, FdEntry::foreign());  // decided, once
  }
}

/// What is mapped is read by no call that could be seen.
void leave_read_alone(FdEntry entry) {
  ReadFile* const file = entry.read_file();
  if (file == nullptr || in_vfork_child() || !file->try_hold()) return;
  file->left_alone = true;
  file->behind.forget();
  file->moved();
  file->let_go();
}

}  // namespace

bool renounce(int fd, HandBack reason) {
  const FdEntry entry = entry_of(fd);
  if (entry.is_hidden()) return false;
  if (entry.passes() && !entry.is_other_file()) return true;
  if (entry.file() == nullptr && renounced().every_file()) return true;
  struct stat facts;
  if (inert() || in_vfork_child() || !status_of(fd, facts) || !S_ISREG(facts.st_mode)) return true;
  {
    Section section;
    MutexLock lock(state().registry_lock);
    note_renounced(fd, entry, id_of(facts), reason);
  }
  return entry.file() == nullptr || prepare_hand_back(fd, reason);
}

bool prepare_mapping(int fd) {
  if (inert()) {
    if (!is_started()) mapped_files().note(fd);
    return true;
  }
  const FdEntry entry = entry_of(fd);
  if (entry.is_hidden()) return false;
  leave_read_alone(entry);
  if (mapped_files().note(fd)) {
    const Section section;
    log_event(config().log_path, "inert", "", "too many files are mapped to remember");
  }
  if (in_vfork_child() || !manages_any_by_now()) return true;
  struct stat facts;
  if (!status_of(fd, facts)) return true;
  Section section;
  MutexLock lock(state().registry_lock);
  Inode* const inode = find_inode(facts);
  if (inode == nullptr) return true;
  InodeLock inode_lock(*inode);
  hand_back_locked(*inode, inode_lock.interrupted(), HandBack::kMapped);
  return true;
}

bool prepare_inode(const struct stat& facts) {
  if (!manages_any() || in_vfork_child()) return false;
  Section section;
  MutexLock lock(state().registry_lock);
  Inode* const inode = find_inode(facts);
  if (inode == nullptr || !inode->busy()) return false;
  InodeLock inode_lock(*inode);
  satisfy(*inode, inode_lock.interrupted(), Need::kData);
  return true;
}

FileId prepare_path(int directory, const char* path, int at_flags) {
  if (!manages_any() || in_vfork_child()) return {};
  struct stat facts;
  constexpr int kKnown = AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH;
  if (path == nullptr ||
      sys::call_with(__NR_newfstatat, directory, path, &facts, at_flags & kKnown) != 0)
    return {};
  prepare_inode(facts);
  return id_of(facts);
}

void note_passed(int fd, size_t bytes) {
  if (state().fds[fd].file() == nullptr || in_vfork_child()) return;
  Section section;
  with_locked(fd, 0, [&](OpenFile&, Inode& inode, bool) {
    inode.note_passed(bytes);
    return 0;
  });
}

int take_error(int fd) {
  if (state().fds[fd].file() == nullptr || in_vfork_child()) return 0;
  Section section;
  return with_locked(fd, 0, [](OpenFile& file, Inode& inode, bool interrupted) {
    return interrupted ? 0 : inode.take_error(file);
  });
}

namespace {

/// The path leads elsewhere since it was looked at: what was cached of the file that O_TRUNC has
/// emptied was to be gone with the rest.
void empty_again(int fd, const struct stat& facts) {
  if (!prepare_inode(facts)) return;
  // By its name, since it may be open for reading only.
  if (sys::call_with(__NR_truncate, ProcPath(fd).text, 0L) != 0)
    sys::call_with(__NR_ftruncate, fd, 0L);
}

}  // namespace

void opened(int fd, int flags, const FileId& prepared) {
  if (fd < 0 || inert() || in_vfork_child()) return;
  renewed(fd);
  if (fd >= kDescriptorLimit) return;
  const bool may_be_followed = readable(flags) && !config().read.empty();
  bool needs_looking = true;
  if (!writable(flags)) {
    state().fds.set(fd, FdEntry::other_file());
  } else if (trials_are_held() && !may_be_followed) {
    state().fds.set(fd, FdEntry::on_trial({.own = true}));
  }
  if (!state().fds[fd].is_unknown()) {
    needs_looking = manages_any_by_now();
    if (!needs_looking && !may_be_followed) return;
  }
  struct stat facts;
  if (!status_of(fd, facts)) return;
  if (!S_ISREG(facts.st_mode)) return state().fds.set(fd, FdEntry::foreign());
  // The most frequent case by far, of programs that read many small files.
  if (!needs_looking && wholly_resident(fd, facts.st_size)) return;
  if ((flags & O_TRUNC) != 0 && id_of(facts) != prepared) empty_again(fd, facts);
  Section section;
  MutexLock lock(state().registry_lock);
  if (state().fds[fd].file() != nullptr) return;
  if (state().fds[fd].is_on_trial()) {
    if (find_inode(facts) == nullptr)
      return state().fds.set(fd,
                             FdEntry::on_trial({.own = true, .file_tag = tag_of(id_of(facts))}));
    state().fds.set(fd, FdEntry::unknown());
  }
  admit(fd, flags, facts, false);
}

namespace {

/// What is done by a number beyond the table can't be seen, so that the kernel must know all about
/// every file before: nothing is cached any more.
void beyond_table(int fd) {
  struct stat facts;
  if ((state().gate.load(std::memory_order_acquire) & State::kForGood) != 0 || inert()) return;
  if (!status_of(fd, facts) || !S_ISREG(facts.st_mode)) return;
  close_gate();
  give_up_descriptors();
}

}  // namespace

void renewed(int fd) {
  if (fd < 0 || state().fds[fd].is_unknown() || in_vfork_child()) return;
  if (fd >= kDescriptorLimit) return beyond_table(fd);
  const FdEntry entry = state().fds[fd];
  // Another thread that writes to the number may make more of it meanwhile.
  if (!entry.has_record() && state().fds.replace(fd, entry, FdEntry::unknown())) return;
  Section section;
  MutexLock lock(state().registry_lock);
  release(fd);
  clear_abandoned();
  state().fds.set(fd, FdEntry::unknown());
}

void duplicated(int fd, int copy) {
  if (copy < 0 || fd == copy || in_vfork_child()) return;
  if (copy >= kDescriptorLimit) return beyond_table(copy);
  const FdEntry entry = state().fds[fd];
  const FdEntry before = state().fds[copy];
  // Another thread that writes to the number may make more of it meanwhile.
  if (!entry.has_record() && !before.has_record() &&
      state().fds.replace(copy, before, entry.is_on_trial() ? entry : FdEntry::unknown()))
    return;
  Section section;
  MutexLock lock(state().registry_lock);
  release(copy);
  state().fds.set(copy, FdEntry::unknown());
  if (ReadFile* const file = state().fds[fd].read_file(); file != nullptr) {
    if (!state().fds.reaches(copy)) return;
    ++file->descriptors;
    return state().fds.set(copy, FdEntry::followed(file));
  }
  with_locked(fd, 0, [&](OpenFile& file, Inode& inode, bool) {
    // Another thread may have made `fd` another file's since.
    if (!__libc_single_threaded && !is_open_on(copy, inode.id())) return 0;
    state().fds.set(copy, FdEntry::managed(&file));
    ++file.descriptors;
    return 0;
  });
}

namespace {

/// Of a number of which nothing is known: it is one of ours, or free, where one may come to be.
bool is_ours_or_may_be(int fd) {
  if (fd < kLeastPrivate || alone() || inert()) return is_private(fd);
  Section section;
  return !is_programs(fd);
}

}  // namespace

int closing(int fd) {
  const FdEntry entry = state().fds[fd];
  if (in_vfork_child()) return 0;
  if (entry.is_hidden()) return kNotOpen;
  if (entry.is_unknown()) return is_ours_or_may_be(fd) ? kNotOpen : 0;
  int error = 0;
  if (entry.file() != nullptr) {
    Section section;
    // The writing is done before the registry is locked; what release() finds is little.
    error = with_locked(fd, 0, [fd](OpenFile& file, Inode& inode, bool interrupted) {
      satisfy(inode, interrupted, Need::kBoth);
      if (config().sync && file.descriptors == 1) inode.make_durable(file, fd);
      if (interrupted) return 0;
      if (file.descriptors == 1) inode.part(file);
      return inode.take_error(file);
    });
  }
  renewed(fd);
  return error;
}

namespace {

/// Of a description that has no more than `numbers`.
void make_durable(int fd, int numbers) {
  if (!config().sync || state().fds[fd].file() == nullptr || in_vfork_child()) return;
  Section section;
  with_locked(fd, 0, [&](OpenFile& file, Inode& inode, bool interrupted) {
    satisfy(inode, interrupted, Need::kBoth);
    if (file.descriptors <= numbers) inode.make_durable(file, fd);
    return 0;
  });
}

}  // namespace

void about_to_vanish(int fd) { make_durable(fd, 1); }

void written_at_end(int fd) {
  make_durable(fd, INT_MAX);
  Section section;
  with_locked(fd, 0, [](OpenFile&, Inode& inode, bool interrupted) {
    if (!interrupted) inode.end_progress();
    return 0;
  });
}

namespace {

/// One of ours at `fd` moves. True: it was one, and stays open, so that nobody takes the number.
bool vacate(int fd) {
  Section section;
  MutexLock lock(state().registry_lock);
  bool moved = false;
  for_each_inode([&](Inode& inode) {
    InodeLock inode_lock(inode);
    // Every one, since it may be the guard that ends.
    satisfy(inode, inode_lock.interrupted(), Need::kBoth);
    if (!moved) moved = inode.vacate(fd);
  });
  for (KeptFile* const kept : {&state().stderr_copy, &state().pool_file}) {
    if (moved || kept->fd != fd) continue;
    moved = kept->is_there();
    *kept = moved ? kept_open(fd) : KeptFile{};
  }
  if (!moved && pool().slots() > 0) moved = state().guard.vacate(pool().segment(), fd);
  give_up(fd);
  return moved;
}

Taken take_from_us(int number, int fd) {
  if (alone()) return is_private(number) ? Taken::kOurs : Taken::kNot;
  Section section;
  return take_if_free(number, fd);
}

}  // namespace

bool make_way(int number, int fd) {
  if (state().fds[number].read_file() != nullptr) renewed(number);
  if (number < kLeastPrivate || inert() || in_vfork_child()) return false;
  for (;;) {
    const Taken taken = take_from_us(number, fd);
    if (taken != Taken::kOurs) return taken == Taken::kNow;
    if (vacate(number)) return true;
  }
}

void flags_changed(int fd) {
  const long flags = sys::call_with(__NR_fcntl, fd, F_GETFL);
  if (flags < 0 || in_vfork_child()) return;
  if (state().fds[fd].read_file() != nullptr) return renewed(fd);
  Section section;
  with_locked(fd, 0, [&](OpenFile& file, Inode& inode, bool interrupted) {
    satisfy(inode, interrupted, Need::kBoth);
    const bool appended = file.append;
    apply_flags(file, static_cast<int>(flags));
    // The direct descriptor was opened with or without O_APPEND, and stays as it is.
    if (file.append != appended) inode.hand_back(HandBack::kAppend);
    return 0;
  });
}

bool shared(int fd) {
  if (!prepare(fd, Need::kBoth)) return false;
  if (in_vfork_child()) return true;
  share_on_trial(fd);
  Section section;
  return with_locked(fd, true, [&](OpenFile&, Inode& inode, bool interrupted) {
    satisfy(inode, interrupted, Need::kBoth);
    inode.claim_all();
    return true;
  });
}

namespace {

void hand_over_every_inode(bool claim) {
  // Asked first, whatever there is to do: back in a vfork's parent it forgets the child, which a
  // child by fork would otherwise inherit as its own nature.
  if (in_vfork_child()) return;
  if (claim) share_all_on_trial();
  if (!manages_any()) return;
  Section section;
  MutexLock lock(state().registry_lock);
  for_each_inode([&](Inode& inode) {
    InodeLock inode_lock(inode);
    satisfy(inode, inode_lock.interrupted(), Need::kBoth);
    if (claim) inode.claim_all();
  });
}

}  // namespace

void hand_over_all() { hand_over_every_inode(false); }

void hand_over_all_and_claim() { hand_over_every_inode(true); }

namespace {

/// Nobody may be left to drop what has been read.
void finish_every_read() {
  if (config().read.empty() || in_vfork_child()) return;
  Section section;
  MutexLock lock(state().registry_lock);
  for (int fd = 0; fd <= state().fds.highest(); ++fd)
    if (ReadFile* const file = state().fds[fd].read_file(); file != nullptr) finish_read(fd, *file);
}

/// The gate is closed, and nothing is cached: the descriptor table is to be the program's alone.
/// What it leaves open is closed by nobody that we see.
void dismiss() {
  if (in_vfork_child()) return;
  Section section;
  MutexLock lock(state().registry_lock);
  for_each_inode([](Inode& inode) {
    const InodeLock inode_lock(inode);
    if (!inode_lock.interrupted()) inode.leave_page_cache();
  });
  dismiss_guard();
}

}  // namespace

void close_gate() {
  // Also before the first managed file: it may still come, from a late destructor.
  if (inert() || in_vfork_child()) return;
  state().gate.fetch_or(State::kForGood, std::memory_order_acq_rel);
  hand_over_all();
  finish_every_read();
  dismiss();
}

void make_durable() {
  if (!config().sync || !manages_any() || in_vfork_child()) return;
  Section section;
  MutexLock lock(state().registry_lock);
  for_each_inode([](Inode& inode) {
    const InodeLock inode_lock(inode);
    inode.make_durable();
  });
}

void note_end() {
  if ((config().sync || progress() != nullptr) && !in_vfork_child())
    state().ends.store(true, std::memory_order_relaxed);
}

GateClosure::GateClosure() : effective_(!inert() && !in_vfork_child()) {
  if (!effective_) return;
  state().gate.fetch_add(1, std::memory_order_acq_rel);
  hand_over_all();
  finish_every_read();
  dismiss();
}

GateClosure::~GateClosure() {
  if (effective_) state().gate.fetch_sub(1, std::memory_order_acq_rel);
}

namespace {

/// Registry locked.
void hand_back_every_inode(HandBack reason) {
  for_each_inode([&](Inode& inode) {
    InodeLock inode_lock(inode);
    if (inode_lock.interrupted()) inode.hand_over_interrupted();
    inode.hand_back(reason);
  });
}

}  // namespace

bool give_up_descriptors() {
  if (next_private(0, kDescriptorLimit - 1) < 0 || in_vfork_child()) return false;
  Section section;
  MutexLock lock(state().registry_lock);
  hand_back_every_inode(HandBack::kDescriptors);
  dismiss_guard();
  let_go(state().pool_file);
  return true;
}

void second_thread_begins() {
  if (!__libc_single_threaded || in_vfork_child()) return;
  hand_over_all();
}

void stop_engine() {
  if (!state().live.load(std::memory_order_relaxed) || in_vfork_child()) return;
  hand_over_all();
  Section section;
  writer().stop();
}

void retire(HandBack reason) {
  if (inert() || in_vfork_child()) return;
  close_gate();
  {
    Section section;
    MutexLock lock(state().registry_lock);
    hand_back_every_inode(reason);
    for (int fd = 0; fd <= state().fds.highest(); ++fd) {
      release(fd);
      if (!state().fds[fd].is_hidden()) state().fds.set(fd, FdEntry::foreign());
    }
  }
  emit_report();
  stop_engine();
  {
    Section section;
    MutexLock lock(state().registry_lock);
    dismiss_guard();
    let_go(state().pool_file);
    let_go(state().stderr_copy);
  }
  become_inert();
}

void leave_out_ours(rusage& of_children) {
  if (!state().live.load(std::memory_order_acquire) || in_vfork_child()) return;
  Section section;
  state().guard.leave_out(of_children);
}

void dismiss_helpers() {
  stop_engine();
  dismiss();
}

void split_descriptors() {
  dismiss_helpers();
  if (!__libc_single_threaded) close_gate();
}

namespace {

/// Microseconds; 0 if the kernel won't say.
void add_cpu_time(ProcessFacts& facts) {
  rusage usage{};
  sys::call_with(__NR_getrusage, RUSAGE_SELF, &usage);
  const auto in_us = [](const timeval& time) {
    return static_cast<uint64_t>(time.tv_sec) * 1'000'000 + static_cast<uint64_t>(time.tv_usec);
  };
  facts.user_us = in_us(usage.ru_utime);
  facts.system_us = in_us(usage.ru_stime);
}

std::string_view name_of_guard() {
  if (!config().guard) return "off";
  return state().guard.failed() ? "absent" : "on";
}

}  // namespace

void emit_report() {
  const bool is_told = config().report != ReportKind::kNone || progress() != nullptr;
  if (!is_told || !state().live || inert() || in_vfork_child()) return;
  Section section;
  MutexLock lock(state().registry_lock);
  for_each_inode([](Inode& inode) {
    InodeLock inode_lock(inode);
    inode.end_progress();
    record(inode);
    inode.forget_counters();
  });
  state().read_files.for_each(report_read);
  if (config().report == ReportKind::kNone || state().report.empty()) return;
  ProcessFacts facts{.program = program_invocation_short_name,
                     .engine = config().engine == Engine::kSync ? Engine::kSync : Engine::kThread,
                     .guard = name_of_guard(),
                     .config = &config(),
                     .stderr_fd = state().stderr_copy.is_there() ? state().stderr_copy.fd : -1};
  Timeline& timeline = state().timeline;
  if (timeline.begun()) {
    timeline.end(now_ns());
    facts.timeline = &timeline;
    add_cpu_time(facts);
  }
  state().report.emit(config().report, config().report_path, facts);
  if (timeline.begun()) timeline.begin(now_ns(), calendar_ms());
}

}  // namespace seqshim
