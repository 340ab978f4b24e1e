// The files as the exported functions see them, without those: in this program nothing is
// interposed, so each test makes the kernel's call and tells the shim of it, or the other way
// round.
#include "shim/file/files.h"

#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "shim/device/private_fds.h"
#include "shim/device/residency.h"
#include "shim/device/test_support.h"
#include "shim/file/section.h"
#include "shim/guard/recovery.h"
#include "shim/system/single_threaded.h"

namespace seqshim {
namespace {

constexpr size_t kCluster = 16384;

/// What the state is configured with; once per process, so each test body runs in a child.
struct Setting {
  size_t memory = 64 * kCluster;
  Engine engine = Engine::kSync;
  bool append = false;
  unsigned depth = 4;
  bool reads = false;  // files named *.in are read past the page cache
};

std::string directory;  // in the working directory, which is on a disk
std::string pattern, read_pattern;

/// The lines that failed; gtest's own count stays with the parent.
int failures = 0;
#define CHECK(condition)                                         \
  do {                                                           \
    if (!(condition)) {                                          \
      ++failures;                                                \
      dprintf(2, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
    }                                                            \
  } while (0)

void configure_for(const Setting& setting) {
  char name[] = "./seqshim-files-XXXXXX";
  directory = std::filesystem::absolute(mkdtemp(name)).lexically_normal();
  pattern = directory + "/*.out";
  Config config;
  config.match = PatternList(pattern);
  read_pattern = directory + "/*.in";
  if (setting.reads) config.read = PatternList(read_pattern);
  config.cluster = kCluster;
  config.memory = setting.memory;
  config.depth = setting.depth;
  config.direct_min = kCluster;
  config.engine = setting.engine;
  config.append = setting.append;
  configure(config, true);
}

/// Runs `body` in a process that has not yet seen a file.
void run_fresh(const Setting& setting, const std::function<void()>& body) {
  const pid_t pid = fork();
  ASSERT_GE(pid, 0);
  if (pid == 0) {
    configure_for(setting);
    body();
    std::filesystem::remove_all(directory);
    _exit(failures == 0 ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  EXPECT_EQ(status, 0);
}
void run_fresh(const std::function<void()>& body) { run_fresh(Setting{}, body); }

// The program's calls, as shim/interpose makes them

std::string path_of(const char* name) { return directory + "/" + name; }

int open_on_trial(const char* name, int flags = O_RDWR | O_CREAT | O_TRUNC) {
  const std::string path = path_of(name);
  prepare_path(AT_FDCWD, path.c_str(), 0);
  const int fd = ::open(path.c_str(), flags, 0644);
  opened(fd, flags);
  return fd;
}

int open_managed(const char* name, int flags = O_RDWR | O_CREAT | O_TRUNC) {
  const int fd = open_on_trial(name, flags);
  examined(fd);
  return fd;
}

int64_t put(int fd, const std::string& text) {
  const Outcome outcome = write_managed(fd, text.data(), text.size());
  return outcome.passes() ? ::write(fd, text.data(), text.size()) : outcome.raw();
}

/// As exported: with the trial first.
int64_t put_on_trial(int fd, size_t bytes) {
  const std::string text(bytes, 't');
  if (const TrialWrite trial(fd, bytes); trial.goes_on())
    return ::write(fd, text.data(), text.size());
  return put(fd, text);
}

int64_t put_at(int fd, int64_t offset, const std::string& text) {
  const iovec vector{const_cast<char*>(text.data()), text.size()};
  const Outcome outcome = pwrite_managed(fd, &vector, 1, offset);
  return outcome.passes() ? ::pwrite(fd, text.data(), text.size(), offset) : outcome.raw();
}

int64_t position(int fd) {
  prepare(fd, Need::kPosition);
  return ::lseek(fd, 0, SEEK_CUR);
}

int64_t seek(int fd, int64_t offset) {
  prepare(fd, Need::kPosition);
  return ::lseek(fd, offset, SEEK_SET);
}

int copy_of(int fd) {
  const int copy = ::dup(fd);
  duplicated(fd, copy);
  return copy;
}

int close_file(int fd) {
  const int error = closing(fd);
  if (error == EBADF) return error;
  ::close(fd);
  return error;
}

/// As another process finds the file now.
std::string in_kernel(const char* name) {
  std::ifstream file(path_of(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Ends the test where there is none.
Inode* inode_of(int fd) {
  OpenFile* const file = state().fds[fd].file();
  Inode* const inode = file != nullptr ? file->inode.load() : nullptr;
  if (inode == nullptr) {
    dprintf(2, "descriptor %d isn't managed\n", fd);
    _exit(2);
  }
  return inode;
}

std::string letters(char letter, size_t count) { return std::string(count, letter); }

// What is managed

TEST(Files, MatchingFileIsManaged) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    CHECK(entry_of(fd).file() != nullptr);
    CHECK(!passes(fd));
    close_file(fd);
    CHECK(state().fds[fd].is_unknown());
    CHECK(state().inode_count == 0);
  });
}

TEST(Files, OthersPass) {
  run_fresh([] {
    CHECK(passes(open_managed("a.txt")));
    CHECK(entry_of(open_managed("a.txt")).is_other_file());
    const int null = ::open("/dev/null", O_WRONLY);
    opened(null, O_WRONLY);
    CHECK(examined(null).passes());
    CHECK(passes(null));
    CHECK(entry_of(-1).passes());
  });
}

TEST(Files, NoneGivesWayToOneThatHasAsLittle) {
  run_fresh({.memory = 2 * kCluster}, [] {
    const int a = open_managed("a.out"), b = open_managed("b.out"), c = open_managed("c.out");
    put(a, "one");
    put(b, "two");
    put(c, "three");
    CHECK(in_kernel("a.out").empty() && in_kernel("b.out").empty());
    CHECK(in_kernel("c.out") == "three");
    // What rests is written by a guard, and gives way for nothing; once somebody asks again.
    pool().segment().entry(0).ledger.landed = 3;
    CHECK(state().crowded > 0);
    state().crowded = 0;
    put(c, ", four");
    CHECK(!inode_of(a)->has_clusters() && inode_of(c)->has_clusters());
    CHECK(position(c) == 11);
    for (const int fd : {a, b, c}) close_file(fd);
    CHECK(in_kernel("b.out") == "two" && in_kernel("c.out") == "three, four");
  });
}

TEST(Files, SomeRoomIsOnlyForFilesThatHoldSome) {
  run_fresh({.memory = 16 * kCluster}, [] {
    std::vector<int> fds;
    for (int i = 0; i < 15; ++i) {
      fds.push_back(open_managed((std::to_string(i) + ".out").c_str()));
      put(fds.back(), "x");
    }
    CHECK(inode_of(fds[13])->has_clusters() && !inode_of(fds[14])->has_clusters());
    CHECK(in_kernel("14.out") == "x");
    CHECK(pool().available() == 2);
    for (const int fd : fds) close_file(fd);
  });
}

TEST(Files, TheOneThatRestedLongestGivesWay) {
  run_fresh({.memory = 2 * kCluster}, [] {
    const int a = open_managed("a.out"), b = open_managed("b.out"), c = open_managed("c.out");
    for (const int fd : {a, b}) put(fd, "x");
    put_at(a, 1, "y");
    for (const size_t i : {0, 1}) {
      Entry& entry = pool().segment().entry(i);
      entry.ledger.landed = entry.cluster.bytes();
    }
    put(c, "z");
    CHECK(inode_of(a)->has_clusters() && !inode_of(b)->has_clusters() &&
          inode_of(c)->has_clusters());
  });
}

/// No trial goes on in a program with threads, as its children are too under ThreadSanitizer.
class FilesTrial : public testing::Test {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "the sanitizer has a thread of its own";
#endif
    if (!__libc_single_threaded) GTEST_SKIP() << "other tests have had threads";
  }
};

TEST_F(FilesTrial, SmallOnesAreTheKernels) {
  run_fresh([] {
    const int fd = open_on_trial("a.out");
    CHECK(entry_of(fd).is_other_file());
    for (size_t i = 0; i < 4; ++i) CHECK(put_on_trial(fd, kCluster / 4) == kCluster / 4);
    CHECK(state().fds[fd].is_on_trial() && !manages_any());
    CHECK(in_kernel("a.out").size() == kCluster);
    CHECK(position(fd) == kCluster);
    close_file(fd);
    CHECK(state().fds[fd].is_unknown());
  });
}

TEST_F(FilesTrial, TheByteTooManyIsCached) {
  run_fresh([] {
    const int fd = open_on_trial("a.out");
    put_on_trial(fd, kCluster);
    CHECK(put_on_trial(fd, 1) == 1);
    CHECK(state().fds[fd].file() != nullptr && !state().fds[fd].file()->claimed);
    CHECK(in_kernel("a.out").size() == kCluster);
    CHECK(inode_of(fd)->counters().bytes_passed == kCluster);
    close_file(fd);
    CHECK(in_kernel("a.out").size() == kCluster + 1);
  });
}

TEST_F(FilesTrial, ALargeWriteEndsTheTrialAtOnce) {
  run_fresh([] {
    const int fd = open_on_trial("a.out");
    CHECK(put_on_trial(fd, kCluster + 1) == kCluster + 1);
    CHECK(state().fds[fd].file() != nullptr);
    close_file(fd);
    CHECK(in_kernel("a.out").size() == kCluster + 1);
  });
}

TEST_F(FilesTrial, WhatIsSharedOnTrialIsClaimed) {
  run_fresh([] {
    const int fd = open_on_trial("a.out"), other = open_on_trial("b.out");
    const int inherited = ::open(path_of("c.out").c_str(), O_RDWR | O_CREAT, 0644);
    hand_over_all_and_claim();
    CHECK(put_on_trial(inherited, 10) == 10);
    CHECK(state().fds[inherited].is_on_trial());
    const int later = open_on_trial("d.out");
    shared(later);
    for (const int one : {fd, other, inherited, later}) {
      put_on_trial(one, kCluster);
      put_on_trial(one, kCluster);
      CHECK(state().fds[one].file() != nullptr && state().fds[one].file()->claimed);
    }
  });
}

TEST_F(FilesTrial, OthersOfOneThatIsManagedAreNotOnTrial) {
  run_fresh([] {
    const int before = open_on_trial("a.out"), unrelated = open_on_trial("b.out");
    const int copy = ::dup(before);
    duplicated(before, copy);
    CHECK(state().fds[copy].is_on_trial());
    const int fd = open_on_trial("a.out", O_RDWR);
    put_on_trial(fd, kCluster + 1);
    for (const int one : {before, copy, open_on_trial("a.out", O_RDWR)})
      CHECK(inode_of(one) == inode_of(fd));
    CHECK(state().fds[unrelated].trial().own && state().fds[unrelated].trial().file_tag != 0);
    CHECK(state().fds[open_on_trial("c.out")].is_on_trial());
  });
}

TEST_F(FilesTrial, CopiesOnTrialAreOneDescription) {
  run_fresh([] {
    const int fd = open_on_trial("a.out"), other = open_on_trial("a.out", O_RDWR);
    const int copy = ::dup(fd);
    duplicated(fd, copy);
    put_on_trial(copy, 100);
    put_on_trial(fd, kCluster + 1);
    CHECK(state().fds[copy].file() == state().fds[fd].file());
    CHECK(state().fds[fd].file()->descriptors == 2);
    CHECK(state().fds[other].file() != state().fds[fd].file());
    close_file(fd);
    CHECK(put(copy, "end") == 3);
    close_file(copy);
    CHECK(in_kernel("a.out").size() == 100 + kCluster + 1 + 3);
  });
}

TEST_F(FilesTrial, NoTrialEndsOnTopOfAWrite) {
  run_fresh([] {
    const int fd = open_on_trial("a.out");
    const TrialWrite interrupted(fd, 10);
    CHECK(interrupted.goes_on() && TrialWrite::under_way());
    CHECK(put_on_trial(fd, 10 * kCluster) == 10 * kCluster);
    CHECK(in_kernel("a.out").size() == 10 * kCluster);
    CHECK(state().fds[fd].is_on_trial());
    CHECK(examined(open_on_trial("b.out")).is_other_file() && !manages_any());
  });
}

TEST_F(FilesTrial, NoTrialsInAProgramWithThreads) {
  run_fresh([] {
    const int fd = open_on_trial("a.out");
    put_on_trial(fd, 10);
    std::thread([] {}).join();
    CHECK(put_on_trial(fd, 10) == 10);
    CHECK(state().fds[fd].file() != nullptr);
  });
}

TEST_F(FilesTrial, WhatIsMappedOnTrialIsNeverCached) {
  run_fresh([] {
    const int fd = open_on_trial("a.out");
    prepare_mapping(fd);
    put_on_trial(fd, kCluster + 1);
    CHECK(inode_of(fd)->passing());
    CHECK(in_kernel("a.out").size() == kCluster + 1);
  });
}

TEST(Files, ReadOnlyDescriptorBringsNothingIn) {
  run_fresh([] {
    close_file(open_managed("a.out", O_RDWR | O_CREAT));
    CHECK(passes(open_managed("a.out", O_RDONLY)));
  });
}

TEST(Files, InheritedNumberIsFoundAndClaimed) {
  run_fresh([] {
    const int fd = ::open(path_of("a.out").c_str(), O_RDWR | O_CREAT, 0644);
    CHECK(::write(fd, "before ", 7) == 7);
    CHECK(put(fd, "after") == 5);
    CHECK(state().fds[fd].file() != nullptr && state().fds[fd].file()->claimed);
    CHECK(::lseek(fd, 0, SEEK_CUR) == 12);  // moved at once, for all who share it
    CHECK(in_kernel("a.out") == "before ");
    hand_over_all();
    CHECK(in_kernel("a.out") == "before after");
  });
}

// Position

TEST(Files, OwnedPositionLivesInTheShim) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    CHECK(put(fd, letters('a', 1000)) == 1000);
    CHECK(put(fd, letters('b', 1000)) == 1000);
    CHECK(::lseek(fd, 0, SEEK_CUR) == 0);
    CHECK(in_kernel("a.out").empty());
    CHECK(inode_of(fd)->busy());
    CHECK(position(fd) == 2000);
    CHECK(in_kernel("a.out").empty());  // who asks for the position gets no more than that
    prepare(fd, Need::kBoth);
    CHECK(in_kernel("a.out") == letters('a', 1000) + letters('b', 1000));
    CHECK(!inode_of(fd)->busy());
  });
}

TEST(Files, WritingGoesOnAfterAHandOver) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    std::string expected;
    for (int i = 0; i < 300; ++i) {
      const std::string text =
          letters(static_cast<char>('a' + i % 26), 1 + 37 * static_cast<size_t>(i));
      CHECK(put(fd, text) == static_cast<int64_t>(text.size()));
      expected += text;
      if (i % 50 == 0) hand_over_all();
    }
    CHECK(position(fd) == static_cast<int64_t>(expected.size()));
    close_file(fd);
    CHECK(in_kernel("a.out") == expected);
  });
}

TEST(Files, SeekMovesTheNextWrite) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    put(fd, letters('a', 50000));
    CHECK(seek(fd, 100) == 100);
    put(fd, letters('b', 100));
    CHECK(position(fd) == 200);
    CHECK(seek(fd, 60000) == 60000);
    put(fd, "end");
    close_file(fd);
    CHECK(in_kernel("a.out") == letters('a', 100) + letters('b', 100) + letters('a', 49800) +
                                    std::string(10000, '\0') + "end");
  });
}

TEST(Files, WriteAtLeavesThePositionAlone) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    put(fd, letters('a', 10));
    put_at(fd, 100, letters('b', 10));
    CHECK(position(fd) == 10);
    put(fd, letters('c', 10));
    put_at(fd, 15, "X");
    close_file(fd);
    CHECK(in_kernel("a.out") == letters('a', 10) + letters('c', 5) + "X" + letters('c', 4) +
                                    std::string(80, '\0') + letters('b', 10));
  });
}

TEST(Files, CopiesOfANumberShareThePosition) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    put(fd, "one ");
    const int copy = copy_of(fd);
    put(copy, "two ");
    put(fd, "three ");
    close_file(fd);
    put(copy, "four");
    CHECK(position(copy) == 18);
    close_file(copy);
    CHECK(in_kernel("a.out") == "one two three four");
  });
}

TEST(Files, TwoDescriptionsHaveTwoPositions) {
  run_fresh([] {
    const int first = open_managed("a.out");
    put(first, letters('a', 1000));
    const int second = open_managed("a.out", O_RDWR);
    CHECK(inode_of(first) == inode_of(second));
    put(second, letters('b', 10));
    put(first, letters('c', 10));
    put(second, letters('d', 10));
    CHECK(position(first) == 1010);
    CHECK(position(second) == 20);
    close_file(first);
    close_file(second);
    CHECK(in_kernel("a.out") ==
          letters('b', 10) + letters('d', 10) + letters('a', 980) + letters('c', 10));
  });
}

TEST(Files, VectorsAreOneWrite) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    const std::string a = letters('a', 20000), b = letters('b', 3);
    const iovec vectors[3] = {{const_cast<char*>(a.data()), a.size()},
                              {nullptr, 0},
                              {const_cast<char*>(b.data()), b.size()}};
    CHECK(write_managed(fd, vectors, 3).raw() == 20003);
    close_file(fd);
    CHECK(in_kernel("a.out") == a + b);
  });
}

// Handing over and back

TEST(Files, CopiesAreReadIntoClusters) {
  run_fresh([] {
    const std::string text(3 * kCluster + 123, 'c');
    std::ofstream(path_of("source"), std::ios::binary) << text;
    const int from = ::open(path_of("source").c_str(), O_RDONLY);
    const int fd = open_managed("a.out");
    put(fd, "head");
    CHECK(copy_managed(fd, kAtPosition, from, 0, text.size()).raw() ==
          static_cast<int64_t>(text.size()));
    CHECK(position(fd) == static_cast<int64_t>(4 + text.size()));
    // There are fewer bytes than asked for, and then none.
    CHECK(copy_managed(fd, 2, from, static_cast<int64_t>(text.size()) - 2, 10).raw() == 2);
    CHECK(copy_managed(fd, 0, from, static_cast<int64_t>(text.size()), 10).raw() == 0);
    put(fd, "tail");
    close_file(fd);
    CHECK(in_kernel("a.out") == "hecc" + text + "tail");
    ::close(from);
  });
}

TEST(Files, CopiesOnASharedDescriptionGiveBackWhatTheyLack) {
  run_fresh([] {
    std::ofstream(path_of("source"), std::ios::binary) << "short";
    const int from = ::open(path_of("source").c_str(), O_RDONLY);
    const int fd = open_managed("a.out");
    shared(fd);
    CHECK(copy_managed(fd, kAtPosition, from, 0, 100).raw() == 5);
    CHECK(position(fd) == 5);
    CHECK(copy_managed(fd, kAtPosition, from, 5, 100).raw() == 0);
    CHECK(position(fd) == 5);
    close_file(fd);
    CHECK(in_kernel("a.out") == "short");
    ::close(from);
  });
}

TEST(Files, BytesThatNobodySawAreNoticed) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    const auto unseen = [&] {
      struct stat facts;
      CHECK(::fstat(fd, &facts) == 0);
      return inode_of(fd)->written_unseen(facts);
    };
    CHECK(!unseen());
    CHECK(::write(fd, "raw", 3) == 3);
    CHECK(unseen());
    put(fd, "seen");
    prepare(fd, Need::kBoth);
    CHECK(!unseen());
    inode_of(fd)->forget_counters();
    CHECK(!unseen());
    close_file(fd);
  });
}

TEST(Files, HandedBackFilePasses) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    put(fd, "cached ");
    prepare_hand_back(fd, HandBack::kStdio);
    CHECK(in_kernel("a.out") == "cached ");
    CHECK(write_managed(fd, "x", 1).passes());
    CHECK(inode_of(fd)->passing());
    CHECK(inode_of(fd)->handed_back() == HandBack::kStdio);
    put(fd, "direct");
    CHECK(in_kernel("a.out") == "cached direct");
  });
}

TEST(Files, HandedBackFileIsManagedAgainOnceReopened) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    prepare_hand_back(fd, HandBack::kStdio);
    close_file(fd);
    const int again = open_managed("a.out");
    CHECK(!write_managed(again, "x", 1).passes());
    close_file(again);
  });
}

TEST(Files, MappedFileIsNeverManagedAgain) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    CHECK(prepare_mapping(fd));
    close_file(fd);
    const int again = open_managed("a.out");
    CHECK(write_managed(again, "x", 1).passes());
  });
}

TEST(Files, FileIsMappedByWhateverNameAndNumber) {
  run_fresh([] {
    const int created = ::open(path_of("a.other").c_str(), O_RDWR | O_CREAT, 0644);
    CHECK(::link(path_of("a.other").c_str(), path_of("a.out").c_str()) == 0);
    const int high = ::fcntl(created, F_DUPFD, kLeastPrivate + 50);
    CHECK(prepare_mapping(high));
    for (const int fd : {created, high}) ::close(fd);
    const int fd = open_managed("a.out");
    CHECK(write_managed(fd, "x", 1).passes());
  });
}

TEST(Files, MappingOfAManagedFileByAnotherNameHandsItBack) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    put(fd, "cached");
    CHECK(::link(path_of("a.out").c_str(), path_of("a.other").c_str()) == 0);
    const int other = ::open(path_of("a.other").c_str(), O_RDONLY);
    CHECK(prepare_mapping(other));
    CHECK(in_kernel("a.out") == "cached" && inode_of(fd)->passing());
  });
}

/// A new file that has the number of the file `name`, which is deleted for it; -1: there is none to
/// be had here.
int open_with_number_of(const char* name) {
  struct stat before, now;
  stat(path_of(name).c_str(), &before);
  ::unlink(path_of(name).c_str());
  ::usleep(20'000);  // a tick of the clock that births are told by
  for (int i = 0; i < 100; ++i) {
    const int fd = ::open(path_of("new.out").c_str(), O_RDWR | O_CREAT | O_EXCL, 0644);
    fstat(fd, &now);
    if (now.st_ino == before.st_ino && generation_of(fd)) return fd;
    ::close(fd);
    ::unlink(path_of("new.out").c_str());
  }
  return -1;
}

TEST(Files, FileWithTheNumberOfADeletedOneThatWasMappedIsManaged) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    CHECK(prepare_mapping(fd));
    close_file(fd);
    const int other = open_with_number_of("a.out");
    if (other < 0) return;
    opened(other, O_RDWR);
    CHECK(!write_managed(other, "x", 1).passes());
    CHECK(renounce(other, HandBack::kLocked));
    close_file(other);
    const int again = open_managed("new.out");
    CHECK(inode_of(again)->handed_back() == HandBack::kLocked);
  });
}

TEST(Files, SmallJumpsHandTheFileBack) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    for (int i = 0; i < 200; ++i)
      CHECK(put_at(fd, (i * 7919) % 1000 * 4096, letters('r', 100)) == 100);
    CHECK(inode_of(fd)->handed_back() == HandBack::kRandom);
    close_file(fd);
    const std::string found = in_kernel("a.out");
    for (int i = 0; i < 200; ++i)
      CHECK(found.substr(static_cast<size_t>(i * 7919 % 1000 * 4096), 100) == letters('r', 100));
  });
}

TEST(Files, LargeRunsKeepTheFile) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    for (int i = 0; i < 100; ++i) put_at(fd, i * 7919 % 100 * int64_t{60000}, letters('r', 50000));
    CHECK(inode_of(fd)->handed_back() == HandBack::kNone);
  });
}

TEST(Files, ClosedGatePassesEverything) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    put(fd, "before ");
    {
      const GateClosure closed;
      CHECK(in_kernel("a.out") == "before ");
      put(fd, "closed ");
      CHECK(in_kernel("a.out") == "before closed ");
    }
    put(fd, "open");
    CHECK(in_kernel("a.out") == "before closed ");
    close_file(fd);
    CHECK(in_kernel("a.out") == "before closed open");
  });
}

TEST(Files, GateClosedBeforeTheFirstFileHolds) {
  run_fresh([] {
    close_gate();
    const int fd = open_managed("a.out");
    CHECK(put(fd, "late") == 4);
    CHECK(in_kernel("a.out") == "late");
  });
}

TEST(Files, StatByPathBringsTheFileUpToDate) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    put(fd, letters('a', 5000));
    struct stat facts {};
    CHECK(::fstat(fd, &facts) == 0 && facts.st_size == 0);
    CHECK(prepare_inode(facts));
    CHECK(::fstat(fd, &facts) == 0 && facts.st_size == 5000);
    CHECK(!prepare_inode(facts) || position(fd) == 5000);
  });
}

// Flags

TEST(Files, AppendingFilesPassWithoutThePromise) {
  run_fresh([] {
    const int fd = open_managed("a.out", O_WRONLY | O_CREAT | O_APPEND);
    CHECK(write_managed(fd, "x", 1).passes());
  });
}

TEST(Files, AppendingFilesAreCachedUnderThePromise) {
  run_fresh(Setting{.append = true}, [] {
    std::ofstream(path_of("a.out")) << "there ";
    const int fd = open_managed("a.out", O_WRONLY | O_APPEND);
    for (int i = 0; i < 10000; ++i) CHECK(put(fd, "appended ") == 9);
    close_file(fd);
    CHECK(in_kernel("a.out").size() == 90006);
    CHECK(in_kernel("a.out").substr(0, 24) == "there appended appended ");
  });
}

TEST(Files, TheGuardIsToldOfAppendingWhoeverReadsTheFileToo) {
  run_fresh(Setting{.append = true}, [] {
    const int fd = open_managed("a.out", O_WRONLY | O_CREAT | O_APPEND);
    open_managed("a.out", O_RDONLY);
    put(fd, "appended");
    CHECK(pool().segment().entry(0).ledger.appends);
    const int other = open_managed("b.out", O_WRONLY | O_CREAT);
    open_managed("b.out", O_RDONLY | O_APPEND);
    put(other, "written");
    CHECK(!pool().segment().entry(1).ledger.appends);
  });
}

TEST(Files, WhatAnEndedGuardWasWritingIsDueAgain) {
  run_fresh(Setting{.append = true}, [] {
    const int fd = open_managed("a.out");
    const int log = open_managed("log.out", O_WRONLY | O_CREAT | O_APPEND);
    put(fd, "written");
    put(log, "appended");
    Ledger& written = pool().segment().entry(0).ledger;
    Ledger& appended = pool().segment().entry(1).ledger;
    written.state = Ledger::kGuard;
    appended.state = Ledger::kGuard;
    std::ofstream(path_of("log.out"), std::ios::app) << "app";
    dismiss_guard();
    CHECK(written.state == Ledger::kAccepted && written.landed == 0);
    CHECK(appended.state == Ledger::kAccepted && appended.landed == 3);
    close_file(fd);
    close_file(log);
    CHECK(in_kernel("a.out") == "written");
    CHECK(in_kernel("log.out") == "appended");
  });
}

TEST(Files, AGuardIsHadAsOftenAsOneIsDismissed) {
  run_fresh([] {
    for (int i = 0; i < 1100; ++i) {
      const int fd = open_managed("a.out");
      put(fd, "x");
      if (i == 0 && state().guard.failed()) return;  // none can be had here at all
      CHECK(!state().guard.failed());
      close_file(fd);
      dismiss_guard();
    }
  });
}

TEST(Files, SynchronousFilesPass) {
  run_fresh([] {
    const int fd = open_managed("a.out", O_WRONLY | O_CREAT | O_DSYNC);
    CHECK(write_managed(fd, "x", 1).passes());
  });
}

TEST(Files, FlagsSetLaterCount) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    put(fd, "cached ");
    prepare(fd, Need::kBoth);
    ::fcntl(fd, F_SETFL, O_APPEND);
    flags_changed(fd);
    CHECK(write_managed(fd, "x", 1).passes());
    ::fcntl(fd, F_SETFL, 0);
    flags_changed(fd);
    CHECK(!write_managed(fd, "again", 5).passes());
    close_file(fd);
    CHECK(in_kernel("a.out") == "cached again");
  });
}

// Sharing

TEST(Files, PassedAwayDescriptionIsClaimed) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    put(fd, "mine ");
    shared(fd);
    CHECK(in_kernel("a.out") == "mine ");
    CHECK(::write(fd, "theirs ", 7) == 7);  // as another process that holds it would
    put(fd, "mine again");
    CHECK(::lseek(fd, 0, SEEK_CUR) == 22);
    close_file(fd);
    CHECK(in_kernel("a.out") == "mine theirs mine again");
  });
}

TEST(Files, ForkedChildStartsClean) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    put(fd, letters('p', 100000));
    hand_over_all_and_claim();
    const pid_t pid = fork();
    if (pid == 0) {
      CHECK(!state().live);
      CHECK(state().fds[fd].is_unknown());
      put(fd, letters('c', 100000));
      CHECK(state().live && state().fds[fd].file() != nullptr);
      close_gate();
      _exit(failures);
    }
    int status = -1;
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    put(fd, letters('q', 10));
    CHECK(position(fd) == 200010);
    close_file(fd);
    CHECK(in_kernel("a.out") == letters('p', 100000) + letters('c', 100000) + letters('q', 10));
  });
}

TEST(Files, ForkedChildHoldsNoneOfOurDescriptors) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    put(fd, letters('p', 100000));
    hand_over_all_and_claim();
    CHECK(next_private(0, kDescriptorLimit - 1) >= 0);
    const pid_t pid = fork();
    if (pid == 0) {
      const int inherited = next_private(0, kDescriptorLimit - 1);
      { const Section fresh; }
      CHECK(::fcntl(inherited, F_GETFD) < 0);
      _exit(failures);
    }
    int status = -1;
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
  });
}

// Descriptors

/// The file of the clusters stays, and the guard with its two.
bool ours_is_only_the_pool() {
  dismiss_guard();
  const int first = next_private(0, kDescriptorLimit - 1);
  return first == state().pool_file.fd && next_private(first + 1, kDescriptorLimit - 1) < 0;
}

TEST(Files, OurDescriptorsAreHidden) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    put(fd, letters('a', 100000));
    int ours = 0;
    for (int next = 0; (next = next_private(next, kDescriptorLimit - 1)) >= 0; ++next, ++ours) {
      CHECK(entry_of(next).is_hidden());
      CHECK(!prepare(next, Need::kBoth));
      CHECK(closing(next) == kNotOpen);
      CHECK(put(next, "x") == -EBADF);
    }
    CHECK(ours > 0);
  });
}

TEST(Files, OursMoveOutOfTheWay) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    put(fd, letters('a', 100000));
    int wanted[2] = {next_private(0, kDescriptorLimit - 1), 0};
    wanted[1] = next_private(wanted[0] + 1, kDescriptorLimit - 1);
    for (const int number : wanted) {
      if (number < 0) continue;
      CHECK(make_way(number, fd));
      CHECK(!is_private(number));
      CHECK(::close(number) == 0);
      put(fd, letters('b', 100000));
    }
    close_file(fd);
    CHECK(in_kernel("a.out").size() >= 200000);
    CHECK(ours_is_only_the_pool());
  });
}

/// All files are written out meanwhile, some of them direct for the first time.
TEST(Files, NoneOfOursTakesANumberThatWasVacated) {
  if (!takes_direct(".")) GTEST_SKIP() << "no O_DIRECT here";
  run_fresh([] {
    std::vector<int> fds;
    for (int i = 0; i < 16; ++i) {
      const int fd = open_managed((std::to_string(i) + ".out").c_str());
      for (int half = 0; half < 2; ++half) {
        prepare(fd, Need::kBoth);
        put_at(fd, 0, letters('a', kCluster * 2 / 3));
      }
      fds.push_back(fd);
    }
    const int number = state().fds[fds[0]].file()->keeper;
    const int null = ::open("/dev/null", O_WRONLY);
    make_way(number, null);
    CHECK(::dup2(null, number) == number);
    duplicated(null, number);
    for (const int fd : fds) close_file(fd);
    CHECK(::write(number, "z", 1) == 1);
    for (const int fd : {null, number}) ::close(fd);
  });
}

TEST(Files, ANumberThatWasTakenBehindOurBackIsNotClosed) {
  run_fresh([] {
    const int fd = open_managed("a.out"), null = ::open("/dev/null", O_WRONLY);
    put(fd, letters('a', 3 * kCluster));
    prepare(fd, Need::kBoth);
    std::vector<int> taken;
    for (int ours = 0; (ours = next_private(ours, kDescriptorLimit - 1)) >= 0; ++ours)
      if (is_open_on(ours, inode_of(fd)->id())) taken.push_back(ours);
    CHECK(!taken.empty());
    for (const int number : taken) CHECK(::dup2(null, number) == number);
    put(fd, letters('a', 3 * kCluster));
    for (const int number : taken) CHECK(put(number, "z") == 1);
    close_file(fd);
    for (const int number : taken) CHECK(::write(number, "z", 1) == 1);
  });
}

TEST(Files, ANumberOfOursThatTheProgramIsGivenIsManaged) {
  run_fresh([] {
    const int fd = open_managed("a.out"), other = open_managed("b.out");
    put(fd, "a");
    const int number = state().fds[fd].file()->keeper;
    ::close(number);
    CHECK(::fcntl(other, F_DUPFD, number) == number);
    forget_private(number);
    duplicated(other, number);
    close_file(other);
    put(number, "b");
    put(fd, letters('a', 3 * kCluster));
    close_file(number);
    CHECK(in_kernel("b.out") == "b");
    close_file(fd);
    CHECK(in_kernel("a.out") == "a" + letters('a', 3 * kCluster));
  });
}

TEST(Files, NoOthersPositionIsMovedForAClaimedOne) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    const int other = ::open(path_of("plain.txt").c_str(), O_RDWR | O_CREAT, 0644);
    CHECK(::pwrite(other, "0123456789", 10, 0) == 10 && lseek(other, 5, SEEK_SET) == 5);
    hand_over_all_and_claim();
    put(fd, "one, ");
    put(fd, "two, ");
    CHECK(::dup2(other, state().fds[fd].file()->keeper) >= 0);
    put(fd, "three");
    CHECK(lseek(other, 0, SEEK_CUR) == 5);
    close_file(fd);
    CHECK(in_kernel("a.out") == "one, two, three");
    CHECK(in_kernel("plain.txt") == "0123456789");
  });
}

TEST(Files, OnceRetiredNothingIsOpen) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    put(fd, "x");
    CHECK(next_private(0, kDescriptorLimit - 1) >= 0);
    retire(HandBack::kDescriptors);
    CHECK(next_private(0, kDescriptorLimit - 1) < 0);
    ::close(fd);
    CHECK(in_kernel("a.out") == "x");
  });
}

TEST(Files, LastCloseClosesOurs) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    put(fd, letters('a', 100000));
    const int copy = copy_of(fd);
    close_file(fd);
    CHECK(!ours_is_only_the_pool());
    close_file(copy);
    CHECK(ours_is_only_the_pool());
  });
}

TEST(Files, NumberThatCameUpAgainIsANewOne) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    put(fd, letters('a', 1000));
    ::close(fd);  // nobody told us
    const int other = open_managed("b.out");
    CHECK(other == fd);
    put(other, letters('b', 1000));
    close_file(other);
    CHECK(in_kernel("a.out") == letters('a', 1000));
    CHECK(in_kernel("b.out") == letters('b', 1000));
  });
}

// Memory

TEST(Files, MoreFilesThanClusters) {
  run_fresh(Setting{.memory = 2 * kCluster}, [] {
    std::vector<int> fds;
    for (int i = 0; i < 20; ++i) fds.push_back(open_managed((std::to_string(i) + ".out").c_str()));
    for (int round = 0; round < 50; ++round)
      for (int i = 0; i < 20; ++i)
        CHECK(put(fds[static_cast<size_t>(i)], letters(static_cast<char>('a' + i), 1111)) == 1111);
    for (const int fd : fds) close_file(fd);
    for (int i = 0; i < 20; ++i)
      CHECK(in_kernel((std::to_string(i) + ".out").c_str()) ==
            letters(static_cast<char>('a' + i), 50 * 1111));
  });
}

TEST(Files, OneWriteLargerThanAllMemory) {
  run_fresh(Setting{.memory = 2 * kCluster}, [] {
    const int fd = open_managed("a.out");
    std::string text(10 * kCluster + 77, '\0');
    for (size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * 31 + i / 977);
    CHECK(put(fd, "odd") == 3);
    CHECK(put(fd, text) == static_cast<int64_t>(text.size()));
    close_file(fd);
    CHECK(in_kernel("a.out") == "odd" + text);
  });
}

// Errors

/// Replaces our number for the file of `fd`, and those of the program, by one with that access,
/// behind everyone's back.
void replace_numbers(int fd, std::initializer_list<int> others, int access) {
  const int keeper = state().fds[fd].file()->keeper;
  // The same file's: another's would be noticed.
  const std::string name = "/proc/self/fd/" + std::to_string(fd);
  const int replacement = ::open(name.c_str(), access | O_CLOEXEC);
  ::dup3(replacement, keeper, O_CLOEXEC);
  ::dup3(replacement, fd, O_CLOEXEC);
  for (const int other : others) ::dup3(replacement, other, O_CLOEXEC);
  ::close(replacement);
}
void break_writing(int fd, std::initializer_list<int> others = {}) {
  replace_numbers(fd, others, O_RDONLY);
}
void mend_writing(int fd, std::initializer_list<int> others = {}) {
  replace_numbers(fd, others, O_RDWR);
}

TEST(Files, FailedWriteIsToldOnce) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    put(fd, letters('a', 100));
    break_writing(fd);
    prepare(fd, Need::kData);
    CHECK(take_error(fd) == EBADF);
    CHECK(take_error(fd) == 0);
    CHECK(inode_of(fd)->handed_back() == HandBack::kError);
    CHECK(write_managed(fd, "x", 1).passes());
  });
}

TEST(Files, NothingThatRestsLandsAfterAFailedWrite) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    const std::string nothing(8 * kCluster, '\0');
    CHECK(::ftruncate(fd, 8 * kCluster) == 0);
    put(fd, letters('a', 100));
    break_writing(fd);
    CHECK(put_at(fd, 4 * kCluster, letters('b', 100)) == 100);  // writes out the first
    mend_writing(fd);
    for (int look = 0; look < 3; ++look) flush_rested(pool().segment());
    CHECK(in_kernel("a.out") == nothing);
    CHECK(put(fd, "x") == -EBADF);
    CHECK(in_kernel("a.out") == nothing);
  });
}

TEST(Files, FailedWriteIsToldOnceToEachDescription) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    const int other = open_managed("a.out");
    put(fd, letters('a', 100));
    break_writing(fd, {other});
    prepare(fd, Need::kData);
    CHECK(take_error(other) == EBADF);
    CHECK(take_error(other) == 0);
    CHECK(take_error(fd) == EBADF);
    CHECK(take_error(fd) == 0);
  });
}

TEST(Files, FailedWriteIsToldByTheNextOne) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    put(fd, letters('a', 100));
    break_writing(fd);
    prepare(fd, Need::kData);
    CHECK(write_managed(fd, "x", 1).raw() == -EBADF);
    CHECK(write_managed(fd, "x", 1).passes());
  });
}

TEST(Files, FailedWriteIsToldByClose) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    put(fd, letters('a', 100));
    break_writing(fd);
    CHECK(closing(fd) == EBADF);
    ::close(fd);
  });
}

TEST(Files, WhatOurNumberCannotWriteGoesByTheProgramsOwn) {
  run_fresh([] {
    const int fd = open_managed("a.out");
    const int own = ::dup(fd);
    put(fd, letters('a', 100));
    break_writing(fd);
    ::dup3(own, fd, O_CLOEXEC);
    prepare(fd, Need::kBoth);
    CHECK(take_error(fd) == 0);
    CHECK(in_kernel("a.out") == letters('a', 100));
  });
}

TEST(Files, FileInMemoryIsHandedBack) {
  if (access("/dev/shm", W_OK) != 0) GTEST_SKIP() << "no /dev/shm";
  run_fresh([] {
    char name[] = "/dev/shm/seqshim-XXXXXX";
    const int fd = mkstemp(name);
    static std::string everything;
    everything = "/dev/shm/*";
    Config config = seqshim::config();
    config.match = PatternList(everything);
    configure(config, true);
    opened(fd, O_RDWR);
    for (int i = 0; i < 100; ++i) put(fd, letters('m', 1000));
    CHECK(inode_of(fd)->handed_back() == HandBack::kMemoryFs);
    close_file(fd);
    struct stat facts {};
    CHECK(::stat(name, &facts) == 0 && facts.st_size == 100000);
    ::unlink(name);
  });
}

// Threads

// Files that are read

constexpr int64_t kSourceBytes = 300000;

/// Such a file, of which nothing is in the page cache.
std::string make_source(const char* name) {
  const std::string path = path_of(name);
  const std::string text = letters('r', kSourceBytes);
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT, 0644);
  CHECK(::write(fd, text.data(), text.size()) == kSourceBytes);
  fsync(fd);
  posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
  ::close(fd);
  return path;
}

int open_source(const std::string& path, int flags = O_RDONLY) {
  const int fd = ::open(path.c_str(), flags);
  opened(fd, flags);
  return fd;
}

ssize_t get(int fd, size_t bytes, int64_t offset = kAtPosition) {
  std::vector<char> room(bytes);
  return follow_read(fd, offset, bytes, [&] {
    return offset < 0 ? ::read(fd, room.data(), bytes) : ::pread(fd, room.data(), bytes, offset);
  });
}

void get_all(int fd) {
  while (get(fd, 10240) > 0) {
  }
}

int64_t resident(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY);
  const int64_t pages = resident_pages(fd, 0, kSourceBytes, false);
  ::close(fd);
  return pages;
}

void run_reads(const std::function<void()>& body) {
  if (!takes_direct(".")) GTEST_SKIP() << "the page cache is the storage here";
  Setting setting;
  setting.reads = true;
  run_fresh(setting, body);
}

TEST(FilesRead, LeaveNothingBehind) {
  run_reads([] {
    const std::string path = make_source("a.in");
    const int fd = open_source(path);
    CHECK(state().fds[fd].read_file() != nullptr);
    CHECK(next_private(0, kDescriptorLimit - 1) < 0);
    get_all(fd);
    CHECK(::lseek(fd, 0, SEEK_CUR) == kSourceBytes);
    CHECK(resident(path) > 0);
    CHECK(close_file(fd) == 0);
    CHECK(resident(path) == 0);
    CHECK(state().fds[fd].is_unknown());
  });
}

TEST(FilesRead, ByOffsetToo) {
  run_reads([] {
    const std::string path = make_source("a.in");
    const int fd = open_source(path);
    CHECK(get(fd, 5000, 200000) == 5000);
    CHECK(::lseek(fd, 0, SEEK_CUR) == 0);
    close_file(fd);
    CHECK(resident(path) == 0);
  });
}

TEST(FilesRead, WhatWasThereStays) {
  run_reads([] {
    const std::string path = make_source("a.in");
    const int other = ::open(path.c_str(), O_RDONLY);
    char room[4096];
    posix_fadvise(other, 0, 0, POSIX_FADV_RANDOM);
    for (int64_t at = 0; at < 40960; at += 4096) CHECK(::pread(other, room, 4096, at) == 4096);
    const int64_t before = resident(path);
    CHECK(before == 10);
    const int fd = open_source(path);
    get_all(fd);
    close_file(fd);
    CHECK(resident(path) >= before && resident(path) <= before + 2);
    ::close(other);
  });
}

TEST(FilesRead, ResidentOnesAreNoConcern) {
  run_reads([] {
    const std::string path = make_source("a.in");
    const int first = ::open(path.c_str(), O_RDONLY);
    std::vector<char> room(kSourceBytes);
    CHECK(::read(first, room.data(), room.size()) == kSourceBytes);
    const int64_t before = resident(path);
    const int fd = open_source(path);
    CHECK(state().fds[fd].passes());
    get_all(fd);
    close_file(fd);
    CHECK(resident(path) == before);
  });
}

TEST(FilesRead, OthersPass) {
  run_reads([] {
    const int other = open_source(make_source("a.txt"));
    CHECK(state().fds[other].passes());
    const std::string path = make_source("b.in");
    const int writer = open_source(path, O_WRONLY);
    CHECK(entry_of(writer).passes());
    const int direct = open_source(path, O_RDONLY | O_DIRECT);
    CHECK(state().fds[direct].passes());
  });
}

TEST(FilesRead, CopiesOfANumberAreOne) {
  run_reads([] {
    const std::string path = make_source("a.in");
    const int fd = open_source(path);
    get(fd, 10240);
    const int copy = copy_of(fd);
    CHECK(state().fds[copy].read_file() == state().fds[fd].read_file());
    close_file(fd);
    CHECK(resident(path) > 0);
    get_all(copy);
    close_file(copy);
    CHECK(resident(path) == 0);
  });
}

TEST(FilesRead, InheritedNumberIsFound) {
  run_reads([] {
    const std::string path = make_source("a.in");
    const int fd = ::open(path.c_str(), O_RDONLY);
    CHECK(::lseek(fd, 100000, SEEK_SET) == 100000);
    get_all(fd);
    close_file(fd);
    CHECK(resident(path) == 0);
  });
}

TEST(FilesRead, MappedOnesAreLeftAlone) {
  run_reads([] {
    const std::string path = make_source("a.in");
    const int fd = open_source(path);
    CHECK(prepare_mapping(fd));
    get_all(fd);
    const int64_t there = resident(path);
    close_file(fd);
    CHECK(there > 0 && resident(path) == there);
  });
}

TEST(FilesRead, NumberThatIsAnotherFilesByNowIsNoticed) {
  run_reads([] {
    const int fd = open_source(make_source("a.in"));
    get(fd, 10240);
    const std::string other = make_source("b.txt");
    ::close(fd);
    CHECK(::open(other.c_str(), O_RDONLY) == fd);
    ::lseek(fd, 0, SEEK_SET);
    get_all(fd);
    const int64_t there = resident(other);
    close_file(fd);
    CHECK(there > 0 && resident(other) == there);
  });
}

TEST(FilesRead, EndOfTheProcessLeavesNothing) {
  run_reads([] {
    const std::string path = make_source("a.in");
    const int fd = open_source(path);
    copy_of(fd);
    get(fd, 10240);
    close_gate();
    CHECK(resident(path) == 0);
    get_all(fd);
    close_file(fd);
  });
}

TEST(FilesRead, OnesThatAreWrittenComeToBeManaged) {
  Setting setting;
  setting.reads = true;
  run_fresh(setting, [] {
    read_pattern = pattern;
    const int fd = open_managed("a.out");
    CHECK(inode_of(fd) != nullptr);
    const int reader = open_source(path_of("a.out"));
    CHECK(inode_of(reader) == inode_of(fd));
    put(fd, letters('a', 5000));
    CHECK(get(reader, 5000) == 0);
    prepare(reader, Need::kBoth);
    CHECK(get(reader, 5000) == 5000);
  });
}

TEST(FilesRead, ReadersBeforeTheFirstWriterAreFound) {
  run_reads([] {
    const std::string path = make_source("a.in");
    const int reader = open_source(path);
    get(reader, 4096);
    CHECK(::rename(path.c_str(), path_of("a.out").c_str()) == 0);
    const int writer = open_managed("a.out", O_RDWR);
    CHECK(inode_of(reader) == inode_of(writer));
    close_file(reader);
    close_file(writer);
  });
}

TEST(FilesRead, ThreadsThatOpenReadAndClose) {
  run_reads([] {
    const std::string path = make_source("a.in");
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (int round = 0; round < 200; ++round) {
          const int fd = open_source(path);
          CHECK(get(fd, 10240) == 10240);
          CHECK(get(fd, 1000, 250000) == 1000);
          close_file(fd);
        }
      });
    for (std::thread& thread : threads) thread.join();
  });
}

TEST(Files, ThreadsOnOneDescriptionLoseNothing) {
  run_fresh([] {
    constexpr int kThreads = 4, kEach = 3000;
    const int fd = open_managed("a.out");
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i)
      threads.emplace_back([&, i] {
        const std::string record = letters(static_cast<char>('a' + i), 63) + "\n";
        for (int j = 0; j < kEach; ++j)
          if (put(fd, record) != 64) abort();
      });
    for (std::thread& thread : threads) thread.join();
    CHECK(position(fd) == kThreads * kEach * 64);
    close_file(fd);
    std::vector<int> count(kThreads);
    const std::string found = in_kernel("a.out");
    for (size_t at = 0; at + 64 <= found.size(); at += 64) {
      const char letter = found[at];
      if (letter < 'a' || letter >= 'a' + kThreads) break;
      if (found.substr(at, 64) == letters(letter, 63) + "\n")
        ++count[static_cast<size_t>(letter - 'a')];
    }
    for (const int each : count) CHECK(each == kEach);
  });
}

TEST(Files, ThreadsOnManyFilesOpenAndClose) {
  run_fresh(Setting{.memory = 4 * kCluster}, [] {
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([i] {
        const std::string name = std::to_string(i) + ".out";
        for (int round = 0; round < 30; ++round) {
          const int fd = open_managed(name.c_str());
          for (int j = 0; j < 40; ++j)
            if (put(fd, letters(static_cast<char>('a' + i), 1000)) != 1000) abort();
          close_file(fd);
        }
      });
    for (std::thread& thread : threads) thread.join();
    for (int i = 0; i < 4; ++i)
      CHECK(in_kernel((std::to_string(i) + ".out").c_str()) ==
            letters(static_cast<char>('a' + i), 40000));
  });
}

TEST(Files, ThreadEngineWritesTheSame) {
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "instrumented code can't run in a thread that libc doesn't know of";
#endif
  run_fresh(Setting{.memory = 16 * 65536, .engine = Engine::kThread}, [] {
    Config config = seqshim::config();
    config.cluster = 65536 * 2;  // shorter ones aren't worth a thread
    config.memory = 4 * config.cluster;
    configure(config, true);
    const int fd = open_managed("a.out");
    std::string expected;
    for (int i = 0; i < 500; ++i) {
      const std::string text = letters(static_cast<char>('a' + i % 26), 4999);
      CHECK(put(fd, text) == 4999);
      expected += text;
    }
    CHECK(inode_of(fd)->counters().bytes_direct > 0 || inode_of(fd)->rung() != Rung::kDirect);
    close_file(fd);
    stop_engine();
    CHECK(in_kernel("a.out") == expected);
  });
}

/// All fill their clusters at the same time, and want others while those are on their way.
TEST(Files, ThreadEngineServesManyFilesInTurn) {
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "instrumented code can't run in a thread that libc doesn't know of";
#endif
  run_fresh(Setting{.engine = Engine::kThread}, [] {
    Config config = seqshim::config();
    config.cluster = 65536 * 2;
    config.memory = 8 * config.cluster;
    configure(config, true);
    constexpr int kFiles = 7;
    std::vector<int> fds;
    for (int i = 0; i < kFiles; ++i)
      fds.push_back(open_managed((std::to_string(i) + ".out").c_str()));
    for (int round = 0; round < 500; ++round)
      for (int i = 0; i < kFiles; ++i)
        CHECK(put(fds[static_cast<size_t>(i)], letters(static_cast<char>('a' + i), 2999)) == 2999);
    for (const int fd : fds) CHECK(inode_of(fd)->counters().bytes_passed == 0);
    for (const int fd : fds) close_file(fd);
    stop_engine();
    for (int i = 0; i < kFiles; ++i)
      CHECK(in_kernel((std::to_string(i) + ".out").c_str()) ==
            letters(static_cast<char>('a' + i), 500 * 2999));
  });
}

}  // namespace
}  // namespace seqshim
