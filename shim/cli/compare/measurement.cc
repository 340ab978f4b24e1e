#include "shim/cli/compare/measurement.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "shim/cli/complain.h"
#include "shim/cli/execute.h"

namespace seqshim {
namespace {

/// A child's standard streams.
class Streams {
 public:
  Streams(const std::string& input, const std::string& output)
      : in_(opened(input, O_RDONLY)), out_(opened(output, O_WRONLY | O_CREAT | O_TRUNC)) {}
  ~Streams() {
    close(in_);
    close(out_);
  }
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  int in() const { return in_; }
  int out() const { return out_; }

 private:
  static int opened(const std::string& path, int flags) {
    const int fd = open(path.c_str(), flags | O_CLOEXEC | O_NOCTTY, 0666);
    if (fd < 0) throw Failure(fmt::format("can't open {}: {}", path, strerror(errno)), kOwnFailure);
    return fd;
  }

  const int in_, out_;
};

constexpr char kNull[] = "/dev/null";

// In the child.
void become_plain() {
  for (const char* name : {"SEQSHIM_MATCH", "SEQSHIM_READ", "SEQSHIM_REPORT"}) unsetenv(name);
}

void become_shimmed(const Shim& shim) {
  setenv("LD_PRELOAD", shim.preload.c_str(), 1);
  setenv("SEQSHIM_REPORT", shim.report_path.c_str(), 1);
}

double own_system_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_stime.tv_sec) +
         static_cast<double>(used.ru_stime.tv_usec) / 1e6;
}

}  // namespace

void Measurement::prepare(int round, Way way) {
  if (!plan_.prepare) return;
  const Streams streams(kNull, kNull);
  const Ended ended = processes_.run([&] {
    dup2(streams.in(), STDIN_FILENO);
    if (!plan_.show_output) {
      dup2(streams.out(), STDOUT_FILENO);
      dup2(streams.out(), STDERR_FILENO);
    }
    become_plain();
    return execute({"/bin/sh", "-c", *plan_.prepare});
  });
  if (ended.exit_code == 0 || plan_.ignore_failure) return;
  throw Failure(fmt::format("--prepare '{}' failed before the {} run of round {}: exit code {}",
                            *plan_.prepare, name_of(way), round, ended.exit_code),
                kOwnFailure);
}

void Measurement::sync(RunResult& result) const {
  const double system = own_system_seconds();
  const auto start = std::chrono::steady_clock::now();
  outputs_.sync();
  result.sync_seconds +=
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.sync_system += own_system_seconds() - system;
}

void Measurement::read_report(RunResult& result) {
  // Without a process that had anything to report there is none.
  report_.clear();
  if (std::filesystem::exists(shim_.report_path))
    report_ = seqshim::read_report(shim_.report_path).processes;
  result.written = Counters{};
  for (const ProcessReport& process : report_) result.written->add(process.totals);
  if (outputs_.learn(written_files(report_))) sync(result);
}

RunResult Measurement::run(int round, Way way) {
  outputs_.drop();
  prepare(round, way);
  std::filesystem::remove(shim_.report_path);
  const Streams streams(plan_.input.value_or(kNull), plan_.output.value_or(kNull));
  const Streams nothing(kNull, kNull);
  outputs_.sync();
  const double cached_before = cached_by_all();

  const Ended ended = processes_.run([&] {
    dup2(streams.in(), STDIN_FILENO);
    if (!plan_.show_output) {
      dup2(streams.out(), STDOUT_FILENO);
      dup2(nothing.out(), STDERR_FILENO);
    }
    way == Way::kPlain ? become_plain() : become_shimmed(shim_);
    return execute(plan_.command);
  });
  RunResult result{.round = round,
                   .way = way,
                   .exit_code = ended.exit_code,
                   .seconds = ended.seconds,
                   .sync_seconds = 0,
                   .user = ended.user,
                   .system = ended.system,
                   .sync_system = 0,
                   .left = std::nullopt,
                   .cached_growth = 0,
                   .written = std::nullopt};
  if (ended.exit_code != 0 && !plan_.ignore_failure) {
    throw Failure(
        fmt::format("the command failed in the {} run of round {}: exit code {}; --show-output "
                    "shows what it says, -i goes on",
                    name_of(way), round, ended.exit_code),
        ended.exit_code);
  }
  sync(result);
  if (way == Way::kSeqshim) read_report(result);
  result.left = outputs_.resident();
  result.cached_growth = cached_by_all() - cached_before;
  processes_.look_for_signals();
  return result;
}

}  // namespace seqshim
