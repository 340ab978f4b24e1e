// write() as a program sees it. Run it plain and preloaded, in a directory on a real disk:
//   bench/write_bench; LD_PRELOAD=build/libseqshim.so SEQSHIM_MATCH='*.bench' bench/write_bench
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <vector>

namespace {

// Time stands still while a file that has grown this large is put aside.
constexpr int64_t kLargest = int64_t{1} << 30;

class OutputFile {
 public:
  OutputFile() { reopen(); }
  ~OutputFile() {
    close(fd_);
    unlink(kName);
  }
  int fd() const { return fd_; }
  void reopen() {
    if (fd_ >= 0) close(fd_);
    unlink(kName);
    fd_ = open(kName, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  }

 private:
  static constexpr char kName[] = "write.bench";
  int fd_ = -1;
};

void write_pieces(benchmark::State& state, OutputFile& file) {
  const auto bytes = static_cast<size_t>(state.range(0));
  const std::vector<char> source(bytes, 'x');
  int64_t written = 0;
  for (auto _ : state) {
    if (write(file.fd(), source.data(), bytes) != static_cast<ssize_t>(bytes))
      state.SkipWithError("short write");
    if ((written += static_cast<int64_t>(bytes)) < kLargest) continue;
    state.PauseTiming();
    written = 0;
    file.reopen();
    state.ResumeTiming();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes));
}

void owned(benchmark::State& state) {
  OutputFile file;
  write_pieces(state, file);
}
BENCHMARK(owned)->Arg(64)->Arg(512)->Arg(4096)->Arg(10240);

/// The description is shared with a child that lives on, so the kernel keeps its position.
void claimed(benchmark::State& state) {
  OutputFile file;
  const pid_t child = fork();
  if (child == 0) {
    pause();
    _exit(0);
  }
  write_pieces(state, file);
  kill(child, SIGKILL);
}
BENCHMARK(claimed)->Arg(64)->Arg(10240);

void unmanaged(benchmark::State& state) {
  const int fd = open("/dev/null", O_WRONLY);
  const char byte = 'x';
  for (auto _ : state) benchmark::DoNotOptimize(write(fd, &byte, 1));
  close(fd);
}
BENCHMARK(unmanaged);

}  // namespace

BENCHMARK_MAIN();
