// What the guard does with a segment that holds anything at all: the fuzzer's bytes are laid over
// the tables behind the slots, some of them turned into numbers that pass for real. It must end,
// write bytes of slots only, and only to the one file that passes its check.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>

#include "shim/device/private_fds.h"
#include "shim/guard/recovery.h"

namespace {

using namespace seqshim;

constexpr size_t kCluster = 4096, kSlots = 8;
constexpr std::byte kInSlots{0xaa};
constexpr int kGood = 600, kAppending = 601, kOthers = 602, kReadOnly = 603, kPath = 604,
              kDirect = 605, kAppendingDirect = 606, kLow = 500;

void require(bool good, const char* what) {
  if (good) return;
  std::perror(what);
  std::abort();
}

int memory_file(const char* name) {
  const int fd = memfd_create(name, MFD_CLOEXEC);
  require(fd >= 0, name);
  return fd;
}

void put(int from, int number) { require(dup2(from, number) == number, "dup2"); }

/// Opened anew, as `number`.
void reopen(int fd, int flags, int number) {
  char name[32];
  std::snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  const int other = open(name, flags);
  require(other >= 0, name);
  put(other, number);
  close(other);
}

/// Where the kernel has that for memory; else the number is another of the same.
void put_direct(int fd, int flags, int number) {
  char name[32];
  std::snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  const int direct = open(name, O_RDWR | O_DIRECT | flags);
  put(direct >= 0 ? direct : fd, number);
}

struct World {
  World() {
    // Behind the tables and before the slots nothing may be touched.
    const size_t bytes = (Segment::bytes_for(kCluster, kSlots) + 4095) / 4096 * 4096;
    auto* const room = static_cast<std::byte*>(
        mmap(nullptr, bytes + 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    require(mprotect(room + 4096, bytes, PROT_READ | PROT_WRITE) == 0, "mprotect");
    segment = Segment(room + 4096, kCluster, kSlots);
    tables = segment.slot(kSlots);
    const int good_file = memory_file("good"), low_file = memory_file("low");
    put(good_file, kGood);
    reopen(good_file, O_RDWR | O_APPEND, kAppending);
    reopen(good_file, O_RDONLY, kReadOnly);
    reopen(good_file, O_PATH, kPath);
    put_direct(good_file, 0, kDirect);
    put_direct(kAppending, O_APPEND, kAppendingDirect);
    put(memory_file("others"), kOthers);
    put(low_file, kLow);  // what the program itself might have there
    require(fstat(kGood, &good) == 0 && fstat(kOthers, &others) == 0 && fstat(kLow, &low) == 0,
            "fstat");
  }

  Segment segment;
  std::byte* tables;
  struct stat good {
  }, others{}, low{};
};

World& world() {
  static World one;
  return one;
}

/// A number that may get further than a random one; `choice` says which.
uint64_t plausible(uint8_t choice) {
  const World& here = world();
  const uint64_t numbers[] = {kGood,
                              kAppending,
                              kOthers,
                              kReadOnly,
                              kPath,
                              kDirect,
                              kAppendingDirect,
                              4096,
                              kLow,
                              here.good.st_dev,
                              here.good.st_ino,
                              here.low.st_ino,
                              0,
                              1,
                              2,
                              3,
                              kCluster,
                              kCluster - 1,
                              2 * kCluster,
                              UINT64_MAX,
                              INT64_MAX,
                              uint64_t{1} << 40,
                              kSlots};
  return numbers[choice % std::size(numbers)];
}

/// The bytes lie over the tables; then three of the rest at a time put a number somewhere.
void lay_out(const uint8_t* data, size_t size) {
  World& here = world();
  const size_t bytes = Segment::bytes_for(kCluster, kSlots) - kSlots * kCluster;
  std::memset(here.segment.slot(0), static_cast<int>(kInSlots), kSlots * kCluster);
  std::memset(here.tables, 0, bytes);
  // Every entry is a good one, until something is laid over it.
  here.segment.words().used_entries = kSlots;
  for (size_t i = 0; i < kSlots; ++i) {
    Entry& entry = here.segment.entry(i);
    entry.cluster.offset = static_cast<int64_t>(i * kCluster);
    entry.cluster.used = kCluster;
    entry.ledger.state = Ledger::kAccepted;
    entry.ledger.fd = i % 2 == 0 ? kGood : kAppending;
    entry.ledger.direct = i % 4 == 0 ? kDirect : i % 4 == 1 ? kAppendingDirect : -1;
    entry.ledger.unit = 4096;
    entry.ledger.appends = i % 2 != 0;
    entry.ledger.file = id_of(here.good);
  }
  for (size_t i = 0; i + 4 <= size; i += 4) {
    const size_t at = (data[i] | size_t{data[i + 1]} << 8) / 4 * 4 % bytes;
    const uint64_t number =
        data[i + 2] < 128 ? plausible(data[i + 3]) : (data[i + 2] - 128U) * 256 + data[i + 3];
    std::memcpy(here.tables + at, &number, at % 8 == 0 && at + 8 <= bytes ? 8 : 4);
  }
}

/// A check that the segment passes is a check that the segment passes.
bool names(uint64_t inode) {
  const Segment& segment = world().segment;
  for (size_t i = 0; i < kSlots; ++i)
    if (segment.entry(i).ledger.file.inode == inode) return true;
  return false;
}

void check_bytes() {
  static char piece[1 << 16];
  for (off_t at = 0; (at = lseek(kReadOnly, at, SEEK_DATA)) >= 0;) {
    const off_t end = lseek(kReadOnly, at, SEEK_HOLE);
    while (at < end) {
      const ssize_t count = pread(kReadOnly, piece, std::min<off_t>(end - at, sizeof piece), at);
      require(count > 0, "pread");
      for (ssize_t i = 0; i < count; ++i)
        require(piece[i] == 0 || std::byte(piece[i]) == kInSlots, "a byte that no slot holds");
      at += count;
    }
  }
}

/// No more can be told than there was.
void check(const Recovery& outcome) {
  uint64_t clusters = 0;
  require(outcome.count <= Recovery::kMost, "more files than there is room for");
  for (size_t i = 0; i < outcome.count; ++i) {
    const FileOutcome& file = outcome.files[i];
    require(file.written.bytes + file.lost.bytes > 0, "nothing to tell");
    require((file.lost.bytes == 0) == (file.error == 0), "lost for no reason");
    clusters += std::max(file.written.clusters, file.lost.clusters);
    require(file.written.bytes <= file.written.clusters * kCluster, "too much written");
    require(file.lost.bytes <= file.lost.clusters * kCluster, "too much lost");
  }
  require(clusters <= kSlots, "more clusters than slots");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const World& here = world();
  require(ftruncate(kGood, 0) == 0 && lseek(kGood, 0, SEEK_SET) == 0, "ftruncate");
  lay_out(data, size);
  const bool names_others = names(here.others.st_ino);
  (void)anything_held(here.segment);
  flush_rested(here.segment);
  flush_rested(here.segment);
  take_over_all(here.segment);
  Recovery outcome{};
  recover(here.segment, outcome);
  check(outcome);
  struct stat facts;
  require(fstat(kOthers, &facts) == 0 && (facts.st_size == 0 || names_others), "others' file");
  require(fstat(kLow, &facts) == 0 && facts.st_size == 0, "the program's own descriptor");
  require(lseek(kOthers, 0, SEEK_CUR) == 0 || names_others, "others' offset");
  if (names_others)
    require(ftruncate(kOthers, 0) == 0 && lseek(kOthers, 0, SEEK_SET) == 0, "reset");
  check_bytes();
  return 0;
}
