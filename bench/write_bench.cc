// write() as a program sees it. Run it plain and preloaded, in a directory on a real disk:
//   bench/write_bench; LD_PRELOAD=build/libseqshim.so SEQSHIM_MATCH='*.bench' bench/write_bench
//
// CPU is what the calling thread takes: no time that it waits for the device, nor what the writer
// thread does meanwhile.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace {

// Time stands still while a file that has grown this large is put aside.
constexpr int64_t kLargest = int64_t{1} << 30;

class OutputFile {
 public:
  explicit OutputFile(int number = 0) : name_("write" + std::to_string(number) + ".bench") {
    reopen();
  }
  ~OutputFile() {
    close(fd_);
    unlink(name_.c_str());
  }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  int fd() const { return fd_; }
  const char* name() const { return name_.c_str(); }
  void reopen() {
    if (fd_ >= 0) close(fd_);
    unlink(name_.c_str());
    fd_ = open(name_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  }

 private:
  const std::string name_;
  int fd_ = -1;
};

void set_bytes(benchmark::State& state, size_t bytes) {
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes));
}

/// Runs `write_piece` until it is over, and `start_anew` whenever kLargest bytes are written.
template <class Write, class Reopen>
void write_pieces(benchmark::State& state, size_t bytes, Write write_piece, Reopen start_anew) {
  int64_t written = 0;
  for (auto _ : state) {
    if (!write_piece()) state.SkipWithError("short write");
    if ((written += static_cast<int64_t>(bytes)) < kLargest) continue;
    state.PauseTiming();
    written = 0;
    start_anew();
    state.ResumeTiming();
  }
  set_bytes(state, bytes);
}

void write_file(benchmark::State& state, OutputFile& file) {
  const auto bytes = static_cast<size_t>(state.range(0));
  const std::vector<char> source(bytes, 'x');
  write_pieces(
      state, bytes,
      [&] { return write(file.fd(), source.data(), bytes) == static_cast<ssize_t>(bytes); },
      [&] { file.reopen(); });
}

// The floors -------------------------------------------------------------------------------------

void copy_alone(benchmark::State& state) {
  const auto bytes = static_cast<size_t>(state.range(0));
  const std::vector<char> source(bytes, 'x');
  std::vector<char> target(size_t{5} << 20);  // as many clusters as are filled and under way
  size_t position = 0;
  for (auto _ : state) {
    if (position + bytes > target.size()) position = 0;
    std::memcpy(target.data() + position, source.data(), bytes);
    benchmark::ClobberMemory();
    position += bytes;
  }
  set_bytes(state, bytes);
}
BENCHMARK(copy_alone)->Arg(64)->Arg(512)->Arg(4096)->Arg(10240);

void unmanaged(benchmark::State& state) {
  const int fd = open("/dev/null", O_WRONLY);
  const char byte = 'x';
  for (auto _ : state) benchmark::DoNotOptimize(write(fd, &byte, 1));
  close(fd);
}
BENCHMARK(unmanaged);

// One writer -------------------------------------------------------------------------------------

void owned(benchmark::State& state) {
  OutputFile file;
  write_file(state, file);
}
BENCHMARK(owned)->Arg(64)->Arg(512)->Arg(4096)->Arg(10240);

/// A child that lives on and shares all descriptions, so that the kernel keeps their positions.
class Sharer {
 public:
  Sharer() : child_(fork()) {
    if (child_ != 0) return;
    pause();
    _exit(0);
  }
  ~Sharer() {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  Sharer(const Sharer&) = delete;
  Sharer& operator=(const Sharer&) = delete;

 private:
  const pid_t child_;
};

void claimed(benchmark::State& state) {
  OutputFile file;
  const Sharer sharer;
  write_file(state, file);
}
BENCHMARK(claimed)->Arg(64)->Arg(10240);

/// The floor of that: a file that nobody manages, shared all the same, in a process that has
/// accepted a byte of another, and so shares its descriptor table with a guard.
void shared_lseek(benchmark::State& state) {
  const OutputFile other;
  const int fd = open("seek.unmanaged", O_RDWR | O_CREAT | O_TRUNC, 0600);
  const Sharer sharer;
  if (write(other.fd(), "x", 1) != 1) state.SkipWithError("short write");
  for (auto _ : state) benchmark::DoNotOptimize(lseek(fd, 64, SEEK_CUR));
  close(fd);
  unlink("seek.unmanaged");
}
BENCHMARK(shared_lseek);

void fwrite_records(benchmark::State& state) {
  constexpr size_t kRecord = 100;
  const std::vector<char> source(kRecord, 'x');
  OutputFile file;
  FILE* stream = fopen(file.name(), "w");
  write_pieces(
      state, kRecord, [&] { return fwrite(source.data(), kRecord, 1, stream) == 1; },
      [&] {
        fclose(stream);
        file.reopen();
        stream = fopen(file.name(), "w");
      });
  fclose(stream);
}
BENCHMARK(fwrite_records);

// Several ----------------------------------------------------------------------------------------

/// Each thread writes the same description.
void contended(benchmark::State& state) {
  static OutputFile* file;
  if (state.thread_index() == 0) file = new OutputFile;
  const auto bytes = static_cast<size_t>(state.range(0));
  const std::vector<char> source(bytes, 'x');
  for (auto _ : state) {
    if (write(file->fd(), source.data(), bytes) != static_cast<ssize_t>(bytes))
      state.SkipWithError("short write");
  }
  set_bytes(state, bytes);
  if (state.thread_index() == 0) delete file;
}
// So many that the file stays small enough to be written without being put aside.
BENCHMARK(contended)->Arg(64)->Threads(2)->Iterations(2'000'000);
BENCHMARK(contended)->Arg(10240)->Threads(2)->Iterations(20'000);

/// Each thread has a file of its own.
void beside_a_thread(benchmark::State& state) {
  OutputFile file(state.thread_index());
  write_file(state, file);
}
BENCHMARK(beside_a_thread)->Arg(64)->Arg(10240)->Threads(2);

/// As many files are open, and written in turns.
void many_open(benchmark::State& state) {
  constexpr size_t kPiece = 4096;
  const auto count = static_cast<int>(state.range(0));
  rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  const rlimit raised{limit.rlim_max, limit.rlim_max};
  setrlimit(RLIMIT_NOFILE, &raised);
  const std::vector<char> source(kPiece, 'x');
  {
    std::vector<std::unique_ptr<OutputFile>> files;
    for (int i = 0; i < count; ++i) files.push_back(std::make_unique<OutputFile>(i));
    size_t next = 0;
    write_pieces(
        state, kPiece,
        [&] {
          next = (next + 1) % files.size();
          return write(files[next]->fd(), source.data(), kPiece) == static_cast<ssize_t>(kPiece);
        },
        [&] {
          for (const auto& file : files) file->reopen();
        });
  }
  setrlimit(RLIMIT_NOFILE, &limit);
}
BENCHMARK(many_open)->Arg(1)->Arg(16)->Arg(256)->Arg(2048);

// Short lives ------------------------------------------------------------------------------------

/// A file of one write, from its open to its close. It is there already, and keeps its blocks: what
/// the file system does for a new one would be most of the time.
void small_file(benchmark::State& state) {
  const auto bytes = static_cast<size_t>(state.range(0));
  const std::vector<char> source(bytes, 'x');
  for (auto _ : state) {
    const int fd = open("small.bench", O_WRONLY | O_CREAT, 0600);
    if (write(fd, source.data(), bytes) != static_cast<ssize_t>(bytes))
      state.SkipWithError("short write");
    close(fd);
  }
  unlink("small.bench");
  set_bytes(state, bytes);
}
BENCHMARK(small_file)->Arg(64)->Arg(10240)->Arg(65536);

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// A process that does nothing: the time is its CPU time, from fork to exit.
void start_process(benchmark::State& state) {
  char program[] = "/bin/true";
  char* const arguments[] = {program, nullptr};
  for (auto _ : state) {
    pid_t child;
    rusage usage{};
    if (posix_spawn(&child, program, nullptr, nullptr, arguments, environ) != 0 ||
        wait4(child, nullptr, 0, &usage) != child)
      state.SkipWithError("no process");
    state.SetIterationTime(seconds(usage.ru_utime) + seconds(usage.ru_stime));
  }
}
BENCHMARK(start_process)->UseManualTime()->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
