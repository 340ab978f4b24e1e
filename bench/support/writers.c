/* What grows: bytes, open files, threads, processes.
 *
 *   writers write DIR FILES BYTES PIECE WORKERS threads|processes
 *   writers check DIR FILES BYTES PIECE WORKERS threads|processes
 *
 * `write`: each worker has FILES files open, all at once, and writes BYTES to each of them in
 * turns, PIECE bytes at a time. Prints "written durable": seconds from before the first open to
 * after the last close, and to where syncfs has returned. `check`: prints how many files aren't
 * what was written. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long files, bytes, piece, workers;

static void die(const char* what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* No two pieces have the same content: a window that slides over noise. */
enum { kLargestPiece = 1 << 20 };
static unsigned char noise[2 * kLargestPiece];

static void make_noise(void) {
  uint64_t state = 88172645463325252u;
  for (size_t i = 0; i < sizeof noise; ++i) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    noise[i] = (unsigned char)state;
  }
}

static const unsigned char* content(long file, long offset) {
  return noise + (uint64_t)(file * 7919 + offset / piece * 31) % kLargestPiece;
}

static size_t due(long offset) { return (size_t)(bytes - offset < piece ? bytes - offset : piece); }

static void write_whole(int fd, const unsigned char* from, size_t count) {
  while (count > 0) {
    const ssize_t done = write(fd, from, count);
    if (done < 0) die("write");
    from += done;
    count -= (size_t)done;
  }
}

static int open_file(long file, int flags) {
  char name[24];
  snprintf(name, sizeof name, "%ld", file);
  const int fd = open(name, flags, 0600);
  if (fd < 0) die(name);
  return fd;
}

static void* work(void* of_worker) {
  const long first = (long)(intptr_t)of_worker * files;
  int* const fds = malloc((size_t)files * sizeof *fds);
  if (fds == NULL) die("malloc");
  for (long i = 0; i < files; ++i) fds[i] = open_file(first + i, O_WRONLY | O_CREAT | O_EXCL);
  for (long at = 0; at < bytes; at += piece)
    for (long i = 0; i < files; ++i) write_whole(fds[i], content(first + i, at), due(at));
  for (long i = 0; i < files; ++i)
    if (close(fds[i]) != 0) die("close");
  free(fds);
  return NULL;
}

static void by_threads(void) {
  pthread_t* const threads = malloc((size_t)workers * sizeof *threads);
  if (threads == NULL) die("malloc");
  for (long i = 0; i < workers; ++i)
    if ((errno = pthread_create(&threads[i], NULL, work, (void*)(intptr_t)i)) != 0) die("thread");
  for (long i = 0; i < workers; ++i) pthread_join(threads[i], NULL);
  free(threads);
}

static void by_processes(void) {
  for (long i = 0; i < workers; ++i) {
    const pid_t child = fork();
    if (child < 0) die("fork");
    if (child > 0) continue;
    work((void*)(intptr_t)i);
    _exit(0);
  }
  for (int status; wait(&status) > 0;)
    if (status != 0) exit(1);
}

/* Not by getrusage for this process itself: that counts what it was before its exec. */
static double peak(void) {
  struct rusage of_children;
  char text[256];
  long kib = 0;
  FILE* const status = fopen("/proc/self/status", "r");
  while (status != NULL && fgets(text, sizeof text, status) != NULL)
    if (sscanf(text, "VmHWM: %ld", &kib) == 1) break;
  getrusage(RUSAGE_CHILDREN, &of_children);
  return (double)(kib > of_children.ru_maxrss ? kib : of_children.ru_maxrss) / 1024;
}

static void write_all(int in_processes) {
  const double start = now();
  if (in_processes)
    by_processes();
  else if (workers > 1)
    by_threads();
  else
    work(NULL); /* a program of one thread */
  const double written = now();
  const int directory = open(".", O_RDONLY);
  if (syncfs(directory) != 0) die("syncfs");
  printf("%.6f %.6f %.3f\n", written - start, now() - start, peak());
}

static int is_right(long file) {
  static unsigned char found[kLargestPiece];
  const int fd = open_file(file, O_RDONLY);
  int right = 1;
  for (long at = 0; at < bytes && right; at += piece)
    right = read(fd, found, due(at)) == (ssize_t)due(at) &&
            memcmp(found, content(file, at), due(at)) == 0;
  right = right && read(fd, found, 1) == 0;
  close(fd);
  return right;
}

static void check_all(void) {
  long wrong = 0;
  for (long i = 0; i < files * workers; ++i) wrong += !is_right(i);
  printf("%ld\n", wrong);
}

static void raise_limit_of_descriptors(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char** argv) {
  if (argc != 8 || chdir(argv[2]) != 0) return 2;
  files = atol(argv[3]);
  bytes = atol(argv[4]);
  piece = atol(argv[5]);
  workers = atol(argv[6]);
  if (piece < 1 || piece > kLargestPiece || files < 1 || workers < 1) return 2;
  raise_limit_of_descriptors();
  make_noise();
  if (strcmp(argv[1], "write") == 0)
    write_all(strcmp(argv[7], "processes") == 0);
  else
    check_all();
  return 0;
}
