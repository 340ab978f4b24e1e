#include "shim/interpose/stdio_slots.h"

#include <asm/unistd.h>
#include <dlfcn.h>
#include <sys/mman.h>

#include <atomic>
#include <cstdint>

#include "shim/system/syscalls.h"

namespace seqshim {

constinit StreamCalls libc_stream_calls{};
constinit StreamCalls libc_process_stream_calls{};

namespace {

constexpr size_t kTableWords = 21;  // of libc's _IO_jump_t, since glibc 2.1

/// A table of libc's, and where in it the five lie.
class Table {
 public:
  /// False: it isn't there, or one of the five isn't in it exactly once.
  bool find(const char* name) { return find(dlsym(RTLD_NEXT, name), libc_stream_calls); }
  bool find(void* address, const StreamCalls& calls) {
    words_ = static_cast<uintptr_t*>(address);
    return words_ != nullptr && find_slot(calls.read, read_) && find_slot(calls.write, write_) &&
           find_slot(calls.seek, seek_) && find_slot(calls.close, close_) &&
           find_slot(calls.stat, stat_);
  }

  bool protect(int protection) const {
    constexpr uintptr_t kPage = 4096;
    const uintptr_t from = reinterpret_cast<uintptr_t>(words_) & -kPage;
    const uintptr_t to = reinterpret_cast<uintptr_t>(words_ + kTableWords);
    return sys::call_with(__NR_mprotect, from, to - from, protection) == 0;
  }

  void fill(const StreamCalls& calls) const {
    put(read_, calls.read);
    put(write_, calls.write);
    put(seek_, calls.seek);
    put(close_, calls.close);
    put(stat_, calls.stat);
  }

  void* address() const { return words_; }

 private:
  template <class Function>
  bool find_slot(Function function, uintptr_t*& slot) {
    slot = nullptr;
    for (size_t i = 0; i < kTableWords && function != nullptr; ++i) {
      if (words_[i] != reinterpret_cast<uintptr_t>(function)) continue;
      if (slot != nullptr) return false;
      slot = &words_[i];
    }
    return slot != nullptr;
  }

  template <class Function>
  static void put(uintptr_t* slot, Function function) {
    // Other threads may be calling through it.
    std::atomic_ref(*slot).store(reinterpret_cast<uintptr_t>(function), std::memory_order_release);
  }

  uintptr_t* words_ = nullptr;
  uintptr_t *read_ = nullptr, *write_ = nullptr, *seek_ = nullptr, *close_ = nullptr,
            *stat_ = nullptr;
};

constinit Table byte_table, wide_table, process_table;

template <class Function>
bool look_up(const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
  return function != nullptr;
}

bool look_up_libc_calls() {
  const bool found = look_up("_IO_file_read", libc_stream_calls.read) &&
                     look_up("_IO_file_write", libc_stream_calls.write) &&
                     look_up("_IO_file_seek", libc_stream_calls.seek) &&
                     look_up("_IO_file_close", libc_stream_calls.close) &&
                     look_up("_IO_file_stat", libc_stream_calls.stat);
  libc_process_stream_calls = libc_stream_calls;
  return found && look_up("_IO_proc_close", libc_process_stream_calls.close);
}

// The trial -------------------------------------------------------------------------------------

/// A FILE is followed by the address of its table.
struct StreamWithTable {
  FILE file;
  void* table;
};

/// A stream of our own, of no file.
constinit StreamWithTable scratch{};

/// What the scratch stream has called, a bit each.
enum Probe : unsigned { kRead = 1, kWrite = 2, kSeek = 4, kClose = 8, kStat = 16, kAll = 31 };
constinit unsigned probed = 0;

bool is_scratch(const FILE* stream, Probe probe) {
  if (stream != &scratch.file) return false;
  probed |= probe;
  return true;
}

// Any other stream that happens to be used meanwhile gets libc's own.
constexpr StreamCalls kProbes{
    .read = [](FILE* stream, void* target, ssize_t bytes) -> ssize_t {
      return is_scratch(stream, kRead) ? 0 : libc_stream_calls.read(stream, target, bytes);
    },
    .write = [](FILE* stream, const void* source, ssize_t bytes) -> ssize_t {
      return is_scratch(stream, kWrite) ? bytes : libc_stream_calls.write(stream, source, bytes);
    },
    .seek = [](FILE* stream, off64_t offset, int whence) -> off64_t {
      return is_scratch(stream, kSeek) ? 0 : libc_stream_calls.seek(stream, offset, whence);
    },
    .close = [](FILE* stream) -> int {
      return is_scratch(stream, kClose) ? 0 : libc_stream_calls.close(stream);
    },
    .stat = [](FILE* stream, void* facts) -> int {
      return is_scratch(stream, kStat) ? -1 : libc_stream_calls.stat(stream, facts);
    },
};

/// The functions by which libc's own streams come to the five.
struct StreamWork {
  int (*do_write)(FILE*, const char* source, size_t bytes);
  int (*underflow)(FILE*);
  off64_t (*seek)(FILE*, off64_t offset, int whence, int mode);
  int (*close_it)(FILE*);

  bool find() {
    return look_up("_IO_do_write", do_write) && look_up("_IO_file_underflow", underflow) &&
           look_up("_IO_file_seekoff", seek) && look_up("_IO_file_close_it", close_it);
  }
};

/// Uses a stream with this table in all five ways.
bool passes_trial(const Table& table, const StreamWork& work) {
  constexpr int kMagic = static_cast<int>(0xfbad0000), kUserBuffer = 1;
  constexpr int kNoFile = -2;  // not -1, which is a closed stream
  static char buffer[16];
  scratch = {};
  scratch.table = table.address();
  FILE& file = scratch.file;
  file._flags = kMagic | kUserBuffer | _IO_USER_LOCK;
  file._fileno = kNoFile;
  file._mode = -1;
  file._IO_buf_base = buffer;
  file._IO_buf_end = buffer + sizeof buffer;
  probed = 0;
  const bool written = work.do_write(&file, buffer, 1) == 0 && probed == kWrite;
  work.seek(&file, 0, SEEK_END, 3);
  const bool moved = (probed & (kSeek | kStat)) == (kSeek | kStat) && (probed & kClose) == 0;
  work.underflow(&file);
  work.close_it(&file);
  return written && moved && probed == kAll;
}

}  // namespace

bool hook_stdio_slots(const StreamCalls& ours) {
  StreamWork work;
  if (!work.find() || !look_up_libc_calls() || !byte_table.find("_IO_file_jumps") ||
      !wide_table.find("_IO_wfile_jumps"))
    return false;
  constexpr int kWritable = PROT_READ | PROT_WRITE;
  if (!byte_table.protect(kWritable) || !wide_table.protect(kWritable)) return false;
  byte_table.fill(kProbes);
  wide_table.fill(kProbes);
  const bool good = passes_trial(byte_table, work) && passes_trial(wide_table, work);
  byte_table.fill(good ? ours : libc_stream_calls);
  wide_table.fill(good ? ours : libc_stream_calls);
  byte_table.protect(PROT_READ);
  wide_table.protect(PROT_READ);
  return good;
}

bool hook_process_stream_slots(const FILE* stream, const StreamCalls& ours) {
  static constinit bool tried = false, good = false;
  if (tried) return good;
  tried = true;
  const auto& whole = *reinterpret_cast<const StreamWithTable*>(stream);
  if (!process_table.find(whole.table, libc_process_stream_calls) ||
      !process_table.protect(PROT_READ | PROT_WRITE))
    return false;
  process_table.fill(ours);
  process_table.protect(PROT_READ);
  return good = true;
}

}  // namespace seqshim
