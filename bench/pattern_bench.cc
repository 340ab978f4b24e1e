// Whether a pattern names a file: asked once for each file that is opened for writing.
#include <benchmark/benchmark.h>

#include <string>
#include <string_view>

#include "shim/config/pattern.h"

namespace seqshim {
namespace {

constexpr std::string_view kPath = "/srv/backup/2026/week-48/home/lists/archive-000123.tar";

void match(benchmark::State& state, std::string_view patterns, std::string_view path) {
  const PatternList list(patterns);
  for (auto _ : state) {
    benchmark::DoNotOptimize(path.data());
    benchmark::DoNotOptimize(list.matches(path));
  }
}

void BM_Everything(benchmark::State& state) { match(state, "*", kPath); }
void BM_Suffix(benchmark::State& state) { match(state, "*.tar", kPath); }
void BM_SuffixMissed(benchmark::State& state) { match(state, "*.dump", kPath); }
void BM_Directory(benchmark::State& state) { match(state, "/srv/backup/*", kPath); }
void BM_DirectoryMissed(benchmark::State& state) { match(state, "/var/backup/*", kPath); }
void BM_Inside(benchmark::State& state) { match(state, "*/home/*/archive-[0-9]*.tar", kPath); }

/// As many patterns, of which the last one matches.
void BM_List(benchmark::State& state) {
  std::string patterns;
  for (int64_t i = 1; i < state.range(0); ++i)
    patterns.append("/srv/other").append(std::to_string(i)).append("/*.tar:");
  match(state, patterns.append("/srv/backup/*.tar"), kPath);
}

/// The worst there is: each star tries every place.
void BM_Stars(benchmark::State& state) {
  const std::string path(static_cast<size_t>(state.range(0)), 'a');
  match(state, "*a*a*a*a*a*a*a*b", path);
}

BENCHMARK(BM_Everything);
BENCHMARK(BM_Suffix);
BENCHMARK(BM_SuffixMissed);
BENCHMARK(BM_Directory);
BENCHMARK(BM_DirectoryMissed);
BENCHMARK(BM_Inside);
BENCHMARK(BM_List)->Arg(1)->Arg(8)->Arg(64);
BENCHMARK(BM_Stars)->Arg(64)->Arg(255);

}  // namespace
}  // namespace seqshim

BENCHMARK_MAIN();
