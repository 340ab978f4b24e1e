#include "tests/kills/writer.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/kills/block.h"
#include "tests/kills/content.h"
#include "tests/kills/deaths.h"
#include "tests/kills/flags.h"
#include "tests/kills/plan.h"

namespace kills {
namespace {

// What handlers and threads see too.
Plan plan;
Block* block;
const char* static_program;
char** arguments;

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  _exit(98);
}

void die_now() { die(plan.kind, static_program); }

// The drawn end

void arm_timer() {
  signal(SIGALRM, [](int) { die_now(); });
  const itimerval once = {{0, 0}, {0, plan.delay + 1}};
  setitimer(ITIMER_REAL, &once, nullptr);
}

/// Between two calls, after the instant.
void meet_end() {
  if (!comes_from_within(plan.kind)) return;
  if (plan.actor == Actor::kBetweenCalls) die_now();
  if (plan.actor == Actor::kHandler) arm_timer();
}

void start_thread_that_kills() {
  if (!comes_from_within(plan.kind) || plan.actor != Actor::kThread) return;
  pthread_t thread;
  const auto body = [](void*) -> void* {
    wait_for_flag(block->reached);
    pass_time(plan.delay);
    die_now();
    return nullptr;
  };
  if (pthread_create(&thread, nullptr, body, nullptr) != 0) give_up("pthread_create");
}

// One lane

class Scribe {
 public:
  Scribe(int lane, int fd) : lane_(lane), fd_(fd), buffer_(1 << 20) {}

  void use_stream(FILE* stream) { stream_ = stream; }
  int fd() const { return fd_; }

  /// Makes the calls `first` to `last`, unless one fails.
  void write_all(size_t first, size_t last) {
    for (size_t i = first; i < last && notes().error.load() == 0; ++i) {
      const Op& op = ops()[i];
      fill(buffer_.data(), op.length, plan.seed, lane_, i);
      notes().attempted.store(i + 1);
      errno = 0;
      if (!perform(op)) {
        notes().error.store(errno != 0 ? errno : -1);
        break;
      }
      if (stream_ == nullptr || op.type == Op::kFlush) notes().accepted.store(i + 1);
      watch_instant(i + 1);
    }
  }
  void write_all() { write_all(0, ops().size()); }

  void close_file() {
    if ((stream_ != nullptr ? fclose(stream_) : close(fd_)) != 0) notes().error.store(errno);
  }

 private:
  const std::vector<Op>& ops() const { return plan.lanes[static_cast<size_t>(lane_)]; }
  Lane& notes() const { return block->lanes[lane_]; }

  bool perform(const Op& op) {
    const auto whole = static_cast<ssize_t>(op.length);
    switch (op.type) {
      case Op::kWrite:
        return stream_ != nullptr ? fwrite(buffer_.data(), 1, op.length, stream_) == op.length
                                  : write(fd_, buffer_.data(), op.length) == whole;
      case Op::kWritev:
        return write_in_parts(op.length) == whole;
      case Op::kPwrite:
        return pwrite(fd_, buffer_.data(), op.length, op.offset) == whole;
      case Op::kSeekWrite:
        return lseek(fd_, op.offset, SEEK_SET) == op.offset &&
               write(fd_, buffer_.data(), op.length) == whole;
      case Op::kTruncate:
        return ftruncate(fd_, op.offset) == 0;
      case Op::kSync:
        return fsync(fd_) == 0;
      case Op::kFlush:
        return fflush(stream_) == 0;
      case Op::kPause:
        return rest_for(op.offset);
    }
    return false;
  }

  static bool rest_for(int64_t microseconds) {
    timespec left = {0, microseconds * 1000};
    while (nanosleep(&left, &left) != 0) {
    }
    return true;
  }

  ssize_t write_in_parts(size_t length) {
    uint8_t* const data = buffer_.data();
    const size_t third = length / 3;
    const iovec parts[] = {
        {data, third}, {data + third, third}, {data + 2 * third, length - 2 * third}};
    return writev(fd_, parts, 3);
  }

  /// The first lane says when it is time; a lane in another process sees it.
  void watch_instant(uint64_t made) {
    if (lane_ == 0 && made == plan.instant) {
      raise_flag(block->reached);
      if (plan.victims[0]) meet_end();
    }
    if (lane_ == 1 && two_processes(plan.way) && plan.victims[1] && !met_ &&
        block->reached.load()) {
      met_ = true;
      meet_end();
    }
  }

  int lane_, fd_;
  FILE* stream_ = nullptr;
  bool met_ = false;
  std::vector<uint8_t> buffer_;
};

// Two lanes

int open_file(const std::string& directory, const char* name) {
  const int append = plan.way == Way::kAppend ? O_APPEND : 0;
  const int fd = open((directory + "/" + name).c_str(), O_WRONLY | O_CREAT | append, 0644);
  if (fd < 0) give_up(name);
  return fd;
}

void* run_scribe(void* scribe) {
  static_cast<Scribe*>(scribe)->write_all();
  return nullptr;
}

void write_in_threads(Scribe& first, Scribe& second) {
  pthread_t thread;
  if (pthread_create(&thread, nullptr, run_scribe, &second) != 0) give_up("pthread_create");
  first.write_all();
  pthread_join(thread, nullptr);
}

[[noreturn]] void become_second_lane(int fd) {
  const std::string number = std::to_string(fd);
  char* const words[] = {arguments[0], arguments[1],
                         arguments[2], arguments[3],
                         arguments[4], const_cast<char*>("1"),
                         arguments[6], arguments[7],
                         arguments[8], const_cast<char*>(number.c_str()),
                         nullptr};
  execv("/proc/self/exe", words);
  give_up("exec");
}

void rest(int lane) {
  if (lane == 1 && plan.victims[1]) {
    wait_for_flag(block->reached);
    meet_end();
  }
  if (!plan.may_end) wait_for_flag(block->finish);
}

[[noreturn]] void end(Scribe& scribe) {
  if (plan.end == End::kClose) scribe.close_file();
  if (plan.end == End::kExitAtOnce) {
    _exit(0);
  } else if (plan.end == End::kQuickExit) {
    quick_exit(0);
  }
  exit(0);
}

[[noreturn]] void run_second_process(int fd) {
  block->lanes[1].process.store(getpid());
  if (plan.victims[1]) start_thread_that_kills();
  Scribe scribe(1, fd);
  scribe.write_all();
  rest(1);
  end(scribe);
}

void write_in_processes(Scribe& first) {
  first.write_all(0, plan.split);
  const pid_t pid = fork();
  if (pid < 0) give_up("fork");
  if (pid == 0) {
    if (plan.way == Way::kInherited) become_second_lane(first.fd());
    run_second_process(first.fd());
  }
  block->lanes[1].process.store(pid);
  if (plan.victims[0]) start_thread_that_kills();
  first.write_all(plan.split, plan.lanes[0].size());
}

FILE* open_stream(const std::string& directory) {
  FILE* const stream = fopen((directory + "/a").c_str(), "w");
  if (stream == nullptr) give_up("a");
  if (plan.seed % 3 == 0) setvbuf(stream, nullptr, _IOFBF, 65536);
  return stream;
}

[[noreturn]] void run(const std::string& directory) {
  block->lanes[0].process.store(getpid());
  Scribe first(0, plan.way == Way::kStdio ? -1 : open_file(directory, "a"));
  if (plan.way == Way::kStdio) first.use_stream(open_stream(directory));
  if (two_processes(plan.way)) {
    write_in_processes(first);
  } else {
    start_thread_that_kills();
    if (plan.lanes[1].empty()) {
      first.write_all();
    } else {
      Scribe second(1, plan.way == Way::kThreadsTwo ? open_file(directory, "b") : first.fd());
      write_in_threads(first, second);
    }
  }
  rest(0);
  end(first);
}

}  // namespace

int writer_main(int argc, char** argv) {
  if (argc < 9) return 2;
  arguments = argv;
  plan = draw(static_cast<Kind>(std::stoi(argv[2])), std::stoull(argv[3]),
              static_cast<Way>(std::stoi(argv[4])));
  void* const memory =
      mmap(nullptr, sizeof(Block), PROT_READ | PROT_WRITE, MAP_SHARED, std::stoi(argv[6]), 0);
  if (memory == MAP_FAILED) give_up("mmap");
  block = static_cast<Block*>(memory);
  static_program = argv[8];
  if (std::stoi(argv[5]) == 1 && argc > 9) run_second_process(std::stoi(argv[9]));
  run(argv[7]);
}

}  // namespace kills
