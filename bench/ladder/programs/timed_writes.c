/* timed_writes write|fwrite BYTES COUNT TIMES >FILE: how long each call takes, as the caller sees
 * it. TIMES gets one line: p50, p99, p99.9 and the longest, then what two looks at the clock in a
 * row cost (which every call's time contains), all in ns. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Exact below 64 ns; above, 32 steps for each doubling: no more than 3 % off. */
enum { kExact = 64, kSteps = 32, kDoublings = 42, kSlots = kExact + kSteps * kDoublings };
static uint64_t seen[kSlots];

static int slot_of(uint64_t ns) {
  if (ns < kExact) return (int)ns;
  const int doubling = 63 - __builtin_clzll(ns) - 6;
  const int slot = kExact + doubling * kSteps + (int)((ns >> (doubling + 1)) - kSteps);
  return slot < kSlots ? slot : kSlots - 1;
}

static uint64_t ns_of(int slot) {
  if (slot < kExact) return (uint64_t)slot;
  const int doubling = (slot - kExact) / kSteps;
  return (uint64_t)((slot - kExact) % kSteps + kSteps) << (doubling + 1);
}

static uint64_t quantile(uint64_t calls, double part) {
  const uint64_t rank = (uint64_t)((double)calls * part);
  uint64_t below = 0;
  for (int slot = 0; slot < kSlots; ++slot) {
    below += seen[slot];
    if (below > rank) return ns_of(slot);
  }
  return ns_of(kSlots - 1);
}

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t clock_cost(void) {
  uint64_t least = UINT64_MAX;
  for (int i = 0; i < 1000; ++i) {
    const uint64_t start = now();
    const uint64_t took = now() - start;
    if (took < least) least = took;
  }
  return least;
}

/* A pipe takes less than was asked for at times. */
static int write_all(const char* from, size_t bytes) {
  while (bytes > 0) {
    const ssize_t n = write(1, from, bytes);
    if (n <= 0) return 0;
    from += n;
    bytes -= (size_t)n;
  }
  return 1;
}

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const int by_stdio = strcmp(argv[1], "fwrite") == 0;
  const size_t bytes = (size_t)atol(argv[2]);
  const uint64_t count = (uint64_t)atoll(argv[3]);
  char* piece = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
  uint64_t longest = 0;
  if (!piece || count == 0) return 2;
  memset(piece, 'x', bytes);
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t start = now();
    const int done = by_stdio ? fwrite(piece, bytes, 1, stdout) == 1 : write_all(piece, bytes);
    const uint64_t took = now() - start;
    if (!done) return 1;
    ++seen[slot_of(took)];
    if (took > longest) longest = took;
  }
  if (fclose(stdout) != 0) return 1;
  FILE* times = fopen(argv[4], "w");
  if (!times) return 1;
  fprintf(times, "%llu %llu %llu %llu %llu\n", (unsigned long long)quantile(count, 0.5),
          (unsigned long long)quantile(count, 0.99), (unsigned long long)quantile(count, 0.999),
          (unsigned long long)longest, (unsigned long long)clock_cost());
  return fclose(times) == 0 ? 0 : 1;
}
