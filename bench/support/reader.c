/* reader mapped|buffered|direct FILE READS_PER_SECOND: one 4 KiB read after another, at random
 * places.
 *
 * What is to be warm is read once, then "ready" is printed; from a line on standard input on the
 * reads are timed, until it ends. Prints "count p50 p99 p999 longest", in ns. Time is that of the
 * read itself: when the reader is woken is the scheduler's affair. The pace keeps the reader from
 * being a load of its own; what it misses while a read takes long, it leaves out. */
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { kPage = 4096, kMostSamples = 1 << 24 };

static const char* kind;
static int fd;
static const volatile unsigned char* mapping;
static void* page;
static uint64_t pages;
static uint32_t* samples;
static size_t count;
static volatile int over;

static void die(const char* what) {
  perror(what);
  exit(1);
}

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t random_page(void) {
  static uint64_t state = 88172645463325252u;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state % pages;
}

static void read_page(uint64_t index) {
  if (mapping != NULL)
    (void)mapping[index * kPage];
  else if (pread(fd, page, kPage, (off_t)(index * kPage)) != kPage)
    die("pread");
}

static void* wait_for_end(void* unused) {
  while (getchar() != EOF) continue;
  over = 1;
  return unused;
}

static int by_value(const void* a, const void* b) {
  const uint32_t x = *(const uint32_t*)a, y = *(const uint32_t*)b;
  return (x > y) - (x < y);
}

static uint32_t percentile(double part) {
  return count == 0 ? 0 : samples[(size_t)(part * (double)(count - 1))];
}

static void open_file(const char* path) {
  struct stat facts;
  const int direct = strcmp(kind, "direct") == 0;
  fd = open(path, O_RDONLY | (direct ? O_DIRECT : 0));
  if (fd < 0 || fstat(fd, &facts) != 0) die(path);
  pages = (uint64_t)facts.st_size / kPage;
  if (posix_memalign(&page, kPage, kPage) != 0) die("memory");
  if (direct) return;
  /* Its pages are charged to whoever reads them first: they are to be this group's. */
  posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
  posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
  if (strcmp(kind, "mapped") == 0) {
    mapping = mmap(NULL, pages * kPage, PROT_READ, MAP_SHARED, fd, 0);
    if (mapping == MAP_FAILED) die("mmap");
    madvise((void*)mapping, pages * kPage, MADV_RANDOM);
  }
  for (int again = 0; again < 2; ++again) /* twice: pages used once are the first to go */
    for (uint64_t i = 0; i < pages; ++i) read_page(i);
}

int main(int argc, char** argv) {
  pthread_t watcher;
  if (argc != 4) return 2;
  kind = argv[1];
  const uint64_t period = 1000000000u / (uint64_t)atol(argv[3]);
  open_file(argv[2]);
  samples = malloc(kMostSamples * sizeof *samples);
  if (samples == NULL) die("malloc");
  prctl(PR_SET_TIMERSLACK, 1);
  puts("ready");
  fflush(stdout);
  while (getchar() != '\n') continue;
  if (pthread_create(&watcher, NULL, wait_for_end, NULL) != 0) return 1;
  for (uint64_t next = now(); !over && count < kMostSamples; next += period) {
    const uint64_t before = now();
    if (before < next) {
      const struct timespec until = {(time_t)(next / 1000000000u), (long)(next % 1000000000u)};
      clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    } else {
      next = before;
    }
    const uint64_t start = now();
    read_page(random_page());
    const uint64_t took = now() - start;
    samples[count++] = took < UINT32_MAX ? (uint32_t)took : UINT32_MAX;
  }
  qsort(samples, count, sizeof *samples, by_value);
  printf("%zu %u %u %u %u\n", count, percentile(0.5), percentile(0.99), percentile(0.999),
         percentile(1));
  return 0;
}
