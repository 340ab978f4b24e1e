// Bytes that move from file to file inside the kernel. Into a managed file they are read into its
// clusters instead, unless its file system can share blocks.
#include <linux/fs.h>
#include <linux/magic.h>
#include <sys/statfs.h>

#include <algorithm>
#include <atomic>

#include "shim/interpose/entry.h"

using namespace seqshim;

namespace {

/// A copy as a program asks for it. Null: at the position of the descriptor, which then moves.
struct Copy {
  int from;
  off64_t* from_offset;
  int to;
  off64_t* to_offset;
  size_t bytes;
};

bool known(int fd, struct stat& facts) { return sys::call_with(__NR_fstat, fd, &facts) == 0; }

/// File systems whose copy_file_range moves every byte through memory, as this does. On others it
/// may clone, or be done by a server.
bool copies_bytes(int fd) {
  struct statfs facts;
  if (sys::call_with(__NR_fstatfs, fd, &facts) != 0) return false;
  const auto type = static_cast<unsigned long>(facts.f_type);
  return type == EXT4_SUPER_MAGIC || type == F2FS_SUPER_MAGIC;
}

/// Plainly readable by offset: neither O_DIRECT, which has rules of its own, nor O_PATH.
bool readable(int fd) {
  const long flags = sys::call_with(__NR_fcntl, fd, F_GETFL);
  const long mode = flags & O_ACCMODE;
  return flags >= 0 && (mode == O_RDONLY || mode == O_RDWR) && (flags & (O_DIRECT | O_PATH)) == 0;
}

/// How many bytes of `copy` the kernel would move, if the shim can move them as well, from `start`
/// in the source on. 0: they are the kernel's.
size_t worth_taking(const Copy& copy, int64_t start, bool only_within) {
  constexpr int64_t kMaxCopy = 0x7ffff000;  // the kernel's MAX_RW_COUNT
  constexpr int64_t kSmall = int64_t{64} << 10;
  struct stat source, target;
  const bool placed = copy.to_offset == nullptr || *copy.to_offset >= 0;
  // A range that no file can have is refused, and by each call another one.
  if (copy.bytes > (only_within ? INT64_MAX : INT64_MAX - static_cast<size_t>(start))) return 0;
  if (start < 0 || !placed || !known(copy.from, source) || !known(copy.to, target)) return 0;
  if (!S_ISREG(source.st_mode) || !S_ISREG(target.st_mode) || !readable(copy.from)) return 0;
  const bool same_system = source.st_dev == target.st_dev;
  if (same_system && source.st_ino == target.st_ino) return 0;
  // Between two file systems copy_file_range may be refused.
  if (only_within && (!same_system || !copies_bytes(copy.to))) return 0;
  const int64_t rest = std::min(source.st_size - start, kMaxCopy);
  if (rest <= 0) return 0;
  const size_t bytes = std::min(copy.bytes, static_cast<size_t>(rest));
  // A small file isn't worth a cluster.
  return target.st_size + static_cast<int64_t>(bytes) < kSmall ? 0 : bytes;
}

/// Copies through clusters; returns how many bytes, and leaves the rest to the kernel. Signals come
/// through between two pieces.
ssize_t copy_through_clusters(const Copy& copy, int64_t start, size_t bytes) {
  const size_t piece = std::max(config().cluster, size_t{1} << 20);
  size_t done = 0;
  while (done < bytes) {
    const auto moved = static_cast<int64_t>(done);
    const int64_t target = copy.to_offset != nullptr ? *copy.to_offset + moved : kAtPosition;
    const size_t count = std::min(piece, bytes - done);
    Outcome outcome = Outcome::pass();
    follow_read(copy.from, start + moved, count, [&] {
      outcome = copy_managed(copy.to, target, copy.from, start + moved, count);
      return outcome.raw();
    });
    if (outcome.passes()) break;
    if (outcome.raw() < 0 && done == 0) return outcome.raw();
    if (outcome.raw() <= 0) break;
    done += static_cast<size_t>(outcome.raw());
    if (static_cast<size_t>(outcome.raw()) < count) break;
  }
  return static_cast<ssize_t>(done);
}

void advance(int fd, off64_t* offset, int64_t to) {
  if (offset != nullptr)
    *offset = to;
  else
    sys::call_with(__NR_lseek, fd, to, SEEK_SET);
}

int64_t start_of(const Copy& copy) {
  return copy.from_offset != nullptr ? *copy.from_offset
                                     : sys::call_with(__NR_lseek, copy.from, 0L, SEEK_CUR);
}

/// The part of `copy` that the shim can do; returns how many bytes it did, or -errno. `whole` is
/// how many the kernel would have copied, if that is known.
template <class Call>
ssize_t take_over(const Copy& copy, bool only_within, Call call, size_t& whole) {
  const OpenFile* const file = examined(copy.to).file();
  // Into a file that is appended to, the kernel refuses to copy.
  if (file == nullptr || !file->caches() || file->append) return 0;
  const int64_t start = start_of(copy);
  whole = worth_taking(copy, start, only_within);
  // A sandbox or an old kernel may refuse the call itself.
  if (whole > 0 && call(0) < 0) return -errno;
  const ssize_t done = copy_through_clusters(copy, start, whole);
  if (done > 0) advance(copy.from, copy.from_offset, start + done);
  if (done > 0 && copy.to_offset != nullptr) *copy.to_offset += done;
  return done;
}

/// A copy on trial that took a source to its end: when the next one into the same target begins
/// there, it is to see that there is no more. Which source that is, is known by the position, since
/// files of the same length hardly come together. Zero is none.
constinit std::atomic<uint64_t> last_to_the_end{0};

/// Zero, if nothing is known then of the next copy.
uint64_t key_of_end(const Copy& copy, int64_t source_end) {
  const FdEntry target = state().fds[copy.to];
  if (!target.is_on_trial() || source_end <= 0 || copy.from_offset != nullptr) return 0;
  static_assert(kDescriptorLimit <= 1 << 20 && Trial::kMostBytes < 1 << 24);
  return static_cast<uint64_t>(copy.to) << 44 | uint64_t{target.trial().bytes} << 20 |
         (static_cast<uint64_t>(source_end) & 0xfffff);
}

bool is_at_the_end(const Copy& copy) {
  const uint64_t key = last_to_the_end.load(std::memory_order_relaxed);
  return key != 0 && static_cast<int>(key >> 44) == copy.to &&
         key == key_of_end(copy, start_of(copy));
}

/// How much of `copy` counts before it is made: as much as there can be, or, where that is too much
/// for the trial, as there is in a small source.
size_t bytes_expected(const Copy& copy) {
  if (is_at_the_end(copy)) return 0;
  struct stat source;
  if (!known(copy.from, source) || !S_ISREG(source.st_mode)) return copy.bytes;
  int64_t rest = source.st_size;
  // An offset in memory is for the kernel to look at.
  const bool may_be_less =
      copy.from_offset == nullptr && rest <= static_cast<int64_t>(most_on_trial());
  if (may_be_less && static_cast<size_t>(rest) > room_on_trial(copy.to)) {
    const int64_t start = start_of(copy);
    rest = start < 0 || start > rest ? 0 : rest - start;
  }
  return std::min(copy.bytes, static_cast<size_t>(rest));
}

/// Makes `call`, by which the kernel reads of `from` where `offset` says, or at the position if it
/// is null. One that isn't to be read is for the kernel to refuse.
template <class Call>
ssize_t follow_copy(int from, const off64_t* offset, size_t bytes, Call call) {
  if (entry_of(from).read_file() == nullptr) return call();
  int64_t start = kAtPosition;
  const iovec ours{&start, sizeof start}, theirs{const_cast<off64_t*>(offset), sizeof *offset};
  const long self = sys::call_with(__NR_getpid);
  if (offset != nullptr) sys::call_with(__NR_process_vm_readv, self, &ours, 1, &theirs, 1, 0);
  return follow_read(from, start, bytes, call);
}

/// All by the kernel, of which so many bytes are expected.
template <class Call>
ssize_t copy_on_trial(const Copy& copy, size_t expected, TrialWrite& trial, Call call) {
  const ssize_t done =
      follow_copy(copy.from, copy.from_offset, copy.bytes, [&] { return call(copy.bytes); });
  const size_t bytes = done > 0 ? static_cast<size_t>(done) : 0;
  trial.wrote(bytes);
  // From its beginning on.
  const bool is_whole = bytes == expected && bytes < copy.bytes;
  last_to_the_end.store(is_whole ? key_of_end(copy, done) : 0, std::memory_order_relaxed);
  return done;
}

/// `call(bytes)` asks the kernel to copy that many, from where the offsets are by then.
template <class Call>
ssize_t copy_between(const Copy& copy, bool only_within, Call call) {
  if (passes(copy.to) && passes(copy.from)) return call(copy.bytes);
  if (!prepare(copy.from, Need::kBoth) || entry_of(copy.to).is_hidden())
    return fail<ssize_t>(EBADF);
  if (state().fds[copy.to].file() == nullptr) {
    const size_t expected = bytes_expected(copy);
    TrialWrite trial(copy.to, expected);
    if (trial.goes_on()) return copy_on_trial(copy, expected, trial, call);
  }
  size_t whole = 0;
  const ssize_t done = take_over(copy, only_within, call, whole);
  if (done < 0) return fail<ssize_t>(static_cast<int>(-done));
  if (done > 0 && static_cast<size_t>(done) == whole) return done;
  prepare(copy.to, Need::kBoth);
  const int saved = errno;
  const size_t left = done > 0 ? whole - static_cast<size_t>(done) : copy.bytes;
  const ssize_t rest = follow_copy(copy.from, copy.from_offset, left, [&] { return call(left); });
  if (rest > 0) note_passed(copy.to, static_cast<size_t>(rest));
  if (done == 0) return rest;
  errno = saved;
  return done + std::max<ssize_t>(rest, 0);
}

/// The descriptor that a clone request reads from; -1: it is none.
int clone_source(unsigned long request, const void* argument) {
  if (request == FICLONE) return static_cast<int>(reinterpret_cast<long>(argument));
  if (request == FICLONERANGE && argument != nullptr)
    return static_cast<int>(static_cast<const file_clone_range*>(argument)->src_fd);
  return -1;
}

}  // namespace

SEQSHIM_EXPORT ssize_t sendfile(int to, int from, off_t* offset, size_t bytes) noexcept {
  return copy_between({from, offset, to, nullptr, bytes}, false,
                      [&](size_t count) { return libc().sendfile(to, from, offset, count); });
}
SEQSHIM_TWIN(sendfile64, sendfile);

SEQSHIM_EXPORT ssize_t copy_file_range(int from, off64_t* from_offset, int to, off64_t* to_offset,
                                       size_t bytes, unsigned flags) {
  const auto call = [&](size_t count) {
    return libc().copy_file_range(from, from_offset, to, to_offset, count, flags);
  };
  // Refused, but only once the descriptors have been looked at.
  if (flags != 0 && prepare(from, Need::kBoth) && prepare(to, Need::kBoth)) return call(bytes);
  return copy_between({from, from_offset, to, to_offset, bytes}, true, call);
}

/// One of the two is a pipe, whose bytes come when they come.
SEQSHIM_EXPORT ssize_t splice(int from, off64_t* from_offset, int to, off64_t* to_offset,
                              size_t bytes, unsigned flags) {
  if (!prepare(from, Need::kBoth) || !prepare(to, Need::kBoth)) return fail<ssize_t>(EBADF);
  const ssize_t moved = follow_copy(from, from_offset, bytes, [&] {
    return libc().splice(from, from_offset, to, to_offset, bytes, flags);
  });
  if (moved > 0) note_passed(to, static_cast<size_t>(moved));
  return moved;
}

SEQSHIM_EXPORT int ioctl(int fd, unsigned long request, ...) noexcept {
  va_list arguments;
  va_start(arguments, request);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  if (!prepare(fd, Need::kBoth)) return fail(EBADF);
  if (request == FIDEDUPERANGE) hand_over_all();
  if (const int source = clone_source(request, argument); source >= 0) prepare(source, Need::kData);
  return libc().ioctl(fd, request, argument);
}
