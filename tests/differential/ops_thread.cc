// Threads and signal handlers, arranged so that every interleaving gives the same file.
#include <fcntl.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

#include "shim/system/syscalls.h"
#include "tests/differential/actor.h"
#include "tests/differential/op_functions.h"
#include "tests/differential/stream.h"

namespace differential {
namespace {

/// Straight to the kernel: deciding what to do must not be seen by a shim.
long kernel(long number, long first, long second, long third) {
  return seqshim::sys::call(number, first, second, third);
}

bool same_file(int first, int second) {
  struct stat one = {}, two = {};
  if (kernel(SYS_fstat, first, reinterpret_cast<long>(&one), 0) != 0) return false;
  if (kernel(SYS_fstat, second, reinterpret_cast<long>(&two), 0) != 0) return false;
  return one.st_dev == two.st_dev && one.st_ino == two.st_ino;
}

/// On an appending descriptor pwrite appends: the order would show.
bool order_matters(int fd) {
  const long flags = kernel(SYS_fcntl, fd, F_GETFL, 0);
  return flags >= 0 && (flags & O_APPEND) != 0;
}

long write_many(int fd, const char* data, size_t size, int64_t count) {
  long total = 0;
  for (int64_t i = 0; i < count; ++i) total += write(fd, data, size);
  return total;
}

struct Handler {
  int fd;
  const char* data;
  size_t size;
  off_t offset;  // -1: write() instead of pwrite()
  std::atomic<int> left;
  std::atomic<long> total;
};
Handler g_handler;

void on_signal(int) {
  if (g_handler.left.load() <= 0) return;
  const int before = errno;
  const int index = g_handler.left.fetch_sub(1) - 1;
  const off_t place = g_handler.offset + static_cast<off_t>(index * g_handler.size);
  const ssize_t got = g_handler.offset < 0
                          ? write(g_handler.fd, g_handler.data, g_handler.size)
                          : pwrite(g_handler.fd, g_handler.data, g_handler.size, place);
  g_handler.total += got;
  errno = before;
}

void arm_handler(int signal_number, int fd, const char* data, size_t size, off_t offset,
                 int count) {
  g_handler.fd = fd;
  g_handler.data = data;
  g_handler.size = size;
  g_handler.offset = offset;
  g_handler.total = 0;
  g_handler.left = count;
  struct sigaction action = {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigaction(signal_number, &action, nullptr);
}

void set_timer(int microseconds) {
  const itimerval interval = {{0, microseconds}, {0, microseconds}};
  setitimer(ITIMER_REAL, &interval, nullptr);
}

void wait_for_handler() {
  while (g_handler.left.load() > 0) usleep(20);
}

}  // namespace

void op_threads(Actor& a, const Args& x) {
  if (file_size_is_limited()) return;  // SIGXFSZ ends them wherever they happen to be
  const int fds[3] = {a.fd(x[0]), a.fd(x[1]), a.fd(x[2])};
  const size_t size = static_cast<size_t>(x[3]);
  std::vector<std::string> data;
  for (unsigned i = 0; i < 3; ++i) data.emplace_back(a.bytes(size, i), size);
  long totals[3] = {};
  const bool apart =
      !same_file(fds[0], fds[1]) && !same_file(fds[0], fds[2]) && !same_file(fds[1], fds[2]);
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] { totals[i] = write_many(fds[i], data[i].data(), size, x[4]); });
    if (!apart) threads.back().join();
  }
  for (std::thread& thread : threads) {
    if (thread.joinable()) thread.join();
  }
  a.log(" totals %ld %ld %ld", totals[0], totals[1], totals[2]);
}

/// All write the same bytes to one description: whichever comes first, the file is the same.
void op_threads_together(Actor& a, const Args& x) {
  if (file_size_is_limited()) return;  // SIGXFSZ ends them wherever they happen to be
  const int fd = a.fd(x[0]);
  const size_t size = static_cast<size_t>(x[1]);
  const char* data = a.bytes(size);
  std::atomic<long> total{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] { total += write_many(fd, data, size, x[2]); });
  }
  for (std::thread& thread : threads) thread.join();
  a.log(" total %ld", total.load());
}

void op_threads_regions(Actor& a, const Args& x) {
  if (file_size_is_limited()) return;  // SIGXFSZ ends them wherever they happen to be
  const int fd = a.fd(x[0]);
  const size_t size = static_cast<size_t>(x[1]);
  const std::string data(a.bytes(size), size);
  const bool apart = !order_matters(fd);
  std::atomic<long> total{0};
  std::vector<std::thread> threads;
  for (int64_t t = 0; t < 3; ++t) {
    threads.emplace_back([&, t] {
      for (int64_t i = 0; i < x[2]; ++i) {
        total += pwrite(fd, data.data(), size,
                        x[3] + static_cast<off_t>((t * x[2] + i) * static_cast<int64_t>(size)));
      }
    });
    if (!apart) threads.back().join();
  }
  for (std::thread& thread : threads) {
    if (thread.joinable()) thread.join();
  }
  a.log(" total %ld", total.load());
}

/// Two threads take turns on one description.
void op_threads_turns(Actor& a, const Args& x) {
  if (file_size_is_limited()) return;  // SIGXFSZ ends them wherever they happen to be
  const int fd = a.fd(x[0]);
  const size_t size = static_cast<size_t>(x[1]);
  const std::string data[2] = {std::string(a.bytes(size, 0), size),
                               std::string(a.bytes(size, 1), size)};
  sem_t turns[2];
  sem_init(&turns[0], 0, 1);
  sem_init(&turns[1], 0, 0);
  std::atomic<long> total{0};
  const auto work = [&](int self) {
    for (int64_t i = 0; i < x[2]; ++i) {
      while (sem_wait(&turns[self]) != 0) {
      }
      total += write(fd, data[self].data(), size);
      sem_post(&turns[1 - self]);
    }
  };
  std::thread other(work, 1);
  work(0);
  other.join();
  a.log(" total %ld", total.load());
}

/// By one stream and beside it. Where the stream's buffer is cut is chance, so all bytes are alike.
void op_threads_stream(Actor& a, const Args& x) {
  if (file_size_is_limited()) return;  // as above
  FILE* file = byte_stream(a, x[0]);
  if (file == nullptr) return;
  const std::string data(static_cast<size_t>(x[1]), 's');
  // From here on the stream only writes: a reader's first write would move the offset.
  const bool writes = fputc('s', file) != EOF && fflush(file) == 0 && fileno(file) >= 0;
  if (!writes) return a.log(" not for writing");
  std::atomic<long> total{0};
  const auto by_stream = [&] {
    for (int64_t i = 0; i < 4 * x[2]; ++i) total += fwrite(data.data(), 1, data.size(), file);
  };
  std::thread first(by_stream), second(by_stream);
  total += write_many(fileno(file), data.data(), data.size(), x[2]);
  first.join();
  second.join();
  a.log(" total %ld", total.load());
  a.call([&] { return fflush(file); });
}

void op_signal(Actor& a, const Args& x) {
  const size_t size = static_cast<size_t>(x[1]);
  arm_handler(SIGUSR1, a.fd(x[0]), a.bytes(size), size, x[2] == 0 ? x[3] : -1, 1);
  a.call([&] { return raise(SIGUSR1); });
  a.log(" total %ld", g_handler.total.load());
}

/// A timer's handler writes into the middle of the main program's own writes to the same file.
void op_signal_storm(Actor& a, const Args& x) {
  if (file_size_is_limited()) return;  // as above
  static char theirs[4096];
  const int fd = a.fd(x[0]);
  if (order_matters(fd)) return a.log(" appending");
  const size_t size = std::min<size_t>(static_cast<size_t>(x[1]), sizeof(theirs));
  fill(theirs, size, static_cast<uint64_t>(x[3]));
  const char* mine = a.bytes(size);
  if (a.call([&] { return lseek(fd, x[3], SEEK_SET); }) < 0) return;
  arm_handler(SIGALRM, fd, theirs, size, x[3] + static_cast<off_t>(size) * x[2], 10);
  set_timer(60);
  long total = 0;
  for (int64_t i = 0; i < x[2]; ++i) {
    total += x[4] == 0 ? pwrite(fd, mine, size, x[3] + i * static_cast<off_t>(size))
                       : write(fd, mine, size);
  }
  wait_for_handler();
  set_timer(0);
  a.log(" total %ld handler %ld", total, g_handler.total.load());
}

}  // namespace differential
