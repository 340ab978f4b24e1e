// The thread engine: one thread that writes finished clusters in the order they come, so that the
// program's copying overlaps the disk.
//
// The thread is not one of libc's. It is cloned bare, runs on a stack of its own, makes raw system
// calls only and takes no signals; the program stays single-threaded for libc (stdio and malloc
// keep their fast paths, __libc_single_threaded stays true). It is gone whenever it has had nothing
// to do for a moment.
#pragma once

#include <atomic>
#include <cstdint>

#include "shim/device/transfer.h"
#include "shim/system/mutex.h"

namespace seqshim {

class Writer {
 public:
  /// Zero is a writer that has not started; a forked child starts from zero again.
  /// Never fails: without a thread the transfer is carried out before returning.
  void submit(Transfer& transfer);

  static bool done(const Transfer& transfer) {
    return transfer.state.load(std::memory_order_acquire) == kDone;
  }
  static void wait(Transfer& transfer);

  /// Ends the thread once its queue is empty, and returns when it is gone.
  void stop();

 private:
  enum : uint32_t { kDone = 0, kQueued = 1, kWaitedFor = 2 };

  bool enqueue(Transfer& transfer);
  bool start();  // under mutex_
  [[noreturn]] void run();
  [[noreturn]] static void entry();
  size_t take(Transfer** batch);
  bool retire(bool timed_out);
  static void finish(Transfer& transfer);

  Mutex mutex_;
  Transfer* first_ = nullptr;          // guarded by mutex_
  Transfer* last_ = nullptr;           // guarded by mutex_
  bool running_ = false;               // guarded by mutex_: a thread will look at the queue again
  bool stopping_ = false;              // guarded by mutex_
  long thread_ = 0;                    // guarded by mutex_: the last one started
  std::atomic<uint32_t> event_{0};     // grows with each submit; the idle thread sleeps on it
  std::atomic<uint32_t> idle_{0};      // the thread sleeps or is about to
  std::atomic<uint32_t> occupied_{0};  // the thread's stack is in use; the kernel clears it at exit
};

}  // namespace seqshim
