// What the shim knows of each descriptor number. One array load decides what a call costs.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "shim/device/private_fds.h"

namespace seqshim {

struct OpenFile;
struct ReadFile;

/// What is known of a descriptor on trial: see trial.h.
struct Trial {
  static constexpr size_t kMostBytes = (size_t{1} << 24) - 1;

  bool own = false;       // opened by this process, and not shared since
  uint32_t bytes = 0;     // written to it so far, or kMostBytes
  uint32_t file_tag = 0;  // which file it is, in 24 bits; 0: not looked at yet
};

/// An entry is one of six things, told apart by its low bits. Zero, also in a forked child, is the
/// only one that claims nothing, so whoever is in doubt may always store it.
class FdEntry {
 public:
  constexpr FdEntry() = default;
  static constexpr FdEntry unknown() { return FdEntry(0); }
  /// Not managed, and it can't share a file with one that is: a pipe, a socket, a directory, ...
  static constexpr FdEntry foreign() { return FdEntry(1); }
  /// A regular file that isn't managed: read-only, or no pattern names it.
  static constexpr FdEntry other_file() { return FdEntry(kOtherFile); }
  /// Ours; the program must find it closed.
  static constexpr FdEntry hidden() { return FdEntry(3); }
  /// Written to, but by too little to be looked at.
  static constexpr FdEntry on_trial(const Trial& trial) {
    return FdEntry(kTrial | uintptr_t{trial.own} << 3 | uintptr_t{trial.bytes} << 4 |
                   uintptr_t{trial.file_tag} << 40);
  }
  static FdEntry managed(OpenFile* file) { return FdEntry(reinterpret_cast<uintptr_t>(file)); }
  /// A file that isn't managed, of which the reads are followed.
  static FdEntry followed(ReadFile* file) {
    return FdEntry(reinterpret_cast<uintptr_t>(file) | kOtherFile);
  }

  /// The kernel's business alone.
  constexpr bool passes() const { return word_ - 1 <= 1; }
  constexpr bool is_unknown() const { return word_ == 0; }
  /// Also one whose reads are followed.
  constexpr bool is_other_file() const { return (word_ & kKind) == kOtherFile; }
  constexpr bool is_hidden() const { return word_ == 3; }
  constexpr bool is_on_trial() const { return (word_ & 7) == kTrial; }
  constexpr Trial trial() const {
    if (!is_on_trial()) return {};
    return {.own = (word_ & 8) != 0,
            .bytes = static_cast<uint32_t>(word_ >> 4 & Trial::kMostBytes),
            .file_tag = static_cast<uint32_t>(word_ >> 40)};
  }
  OpenFile* file() const {
    return (word_ & kKind) == 0 ? reinterpret_cast<OpenFile*>(word_) : nullptr;
  }
  ReadFile* read_file() const {
    return is_other_file() ? reinterpret_cast<ReadFile*>(word_ - kOtherFile) : nullptr;
  }
  /// There is more to it than the entry.
  constexpr bool has_record() const { return word_ > kKind && !is_on_trial(); }
  constexpr bool operator==(const FdEntry&) const = default;

 private:
  friend class FdTable;
  static constexpr uintptr_t kOtherFile = 2, kKind = 3, kTrial = 5;
  explicit constexpr FdEntry(uintptr_t word) : word_(word) {}
  uintptr_t word_ = 0;
};

/// One word per number up to the kernel's default limit. Those that nearly every program stays
/// below are one load away; the others' lie in chunks that are mapped on use, since address space
/// may be short. Entries are read without a lock. They come and go under the registry's lock, but
/// for those on trial, which the writes themselves begin and change; a managed one changes only
/// while its inode is locked as well.
class FdTable {
 public:
  static constexpr unsigned kNear = 4096;

  /// Numbers beyond the table are never managed.
  FdEntry operator[](int fd) const {
    const auto number = static_cast<unsigned>(fd);
    if (number < kNear) [[likely]]
      return FdEntry(near_[number].load(std::memory_order_acquire));
    return far_entry(number);
  }

  /// Whether set() can keep an entry for `fd`: it is within the table, and there is memory.
  bool reaches(int fd) { return word_of(static_cast<unsigned>(fd), true) != nullptr; }

  void set(int fd, FdEntry entry) {
    auto* const word = word_of(static_cast<unsigned>(fd), !entry.is_unknown());
    if (word == nullptr) return;
    word->store(entry.word_, std::memory_order_release);
    note_number(fd);
  }

  /// set(), if the entry still is `before`.
  bool replace(int fd, FdEntry before, FdEntry entry) {
    auto* const word = word_of(static_cast<unsigned>(fd), true);
    if (word == nullptr ||
        !word->compare_exchange_strong(before.word_, entry.word_, std::memory_order_acq_rel))
      return false;
    note_number(fd);
    return true;
  }

  /// No entry above it is anything but unknown.
  int highest() const { return highest_.load(std::memory_order_relaxed); }

  /// `visit(fd, entry)` for each that isn't unknown. There may be many thousands, looked at each
  /// time another file is managed.
  template <class Visit>
  void for_each_known(Visit visit) const {
    const auto count = static_cast<unsigned>(highest() + 1);
    for (unsigned first = 0; first < count; first += kNear) {
      const Word* const words =
          first == 0 ? near_ : far_[first / kNear].load(std::memory_order_acquire);
      for (unsigned i = 0; words != nullptr && i < kNear && first + i < count; ++i) {
        const FdEntry entry(words[i].load(std::memory_order_acquire));
        if (!entry.is_unknown()) visit(static_cast<int>(first + i), entry);
      }
    }
  }

 private:
  using Word = std::atomic<uintptr_t>;

  void note_number(int fd) {
    int seen = highest_.load(std::memory_order_relaxed);
    while (seen < fd && !highest_.compare_exchange_weak(seen, fd, std::memory_order_relaxed)) {
    }
  }
  FdEntry far_entry(unsigned number) const;
  /// nullptr: it is outside, or its chunk isn't there and not `wanted`, or can't be had.
  Word* word_of(unsigned number, bool wanted);

  Word near_[kNear];
  std::atomic<Word*> far_[kDescriptorLimit / kNear];  // the first stays null
  std::atomic<int> highest_;
};

}  // namespace seqshim
