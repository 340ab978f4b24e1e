// libc's syscall(): the calls that have an exported function of ours are sent there, since node and
// others reach them this way. All other numbers pass, known or not.
#include <linux/io_uring.h>
#include <linux/openat2.h>
#include <sys/resource.h>

#include <utility>

#include "shim/file/section.h"
#include "shim/interpose/async.h"
#include "shim/interpose/entry.h"

using namespace seqshim;

namespace {

using Word = long;

/// Calls `function` with as many of the words as it takes, each as what it takes.
template <class Result, class... Args, size_t... index>
Word spread(Result (*function)(Args...), const Word* words, std::index_sequence<index...>) {
  return (Word)function((Args)words[index]...);
}
template <class Result, class... Args>
Word send_to(Result (*function)(Args...), const Word* words) {
  return spread(function, words, std::index_sequence_for<Args...>{});
}

/// The kernel's calls split offsets in two words, the high one unused on 64-bit machines.
Word send_vectored(Word number, const Word* w) {
  const int fd = static_cast<int>(w[0]);
  const auto* const vectors = reinterpret_cast<const iovec*>(w[1]);
  const int count = static_cast<int>(w[2]);
  switch (number) {
    case __NR_pwritev:
      return pwritev(fd, vectors, count, w[3]);
    case __NR_pwritev2:
      return pwritev2(fd, vectors, count, w[3], static_cast<int>(w[5]));
    case __NR_preadv:
      return preadv(fd, vectors, count, w[3]);
    default:
      return preadv2(fd, vectors, count, w[3], static_cast<int>(w[5]));
  }
}

Word pass_on(Word number, const Word* w) {
  if (!libc_is_known()) {
    const Word result = sys::call(number, w[0], w[1], w[2], w[3], w[4], w[5]);
    return result < 0 && result > -4096 ? fail<Word>(static_cast<int>(-result)) : result;
  }
  return libc().syscall(number, w[0], w[1], w[2], w[3], w[4], w[5]);
}

/// What is submitted to a ring can't be seen, but when it is. With a thread of the kernel's that
/// polls for it, not even that.
Word send_to_ring(Word number, const Word* w) {
  const auto* const parameters = reinterpret_cast<const io_uring_params*>(w[1]);
  const bool polled = number == __NR_io_uring_setup && parameters != nullptr &&
                      (parameters->flags & IORING_SETUP_SQPOLL) != 0;
  if (polled)
    close_gate();
  else
    hand_over_all();
  return pass_on(number, w);
}

/// libc has no function for it.
Word send_openat2(const Word* w) {
  const auto* const path = reinterpret_cast<const char*>(w[1]);
  const auto* const how = reinterpret_cast<const open_how*>(w[2]);
  const FileId prepared = prepare_path(static_cast<int>(w[0]), path, 0);
  const Word fd = pass_on(__NR_openat2, w);
  if (fd >= 0) opened(static_cast<int>(fd), static_cast<int>(how->flags), prepared);
  return fd;
}

/// Bytes and positions: neither cancellation points here, nor anything but the kernel's by the same
/// number where they pass. False: it is no
/// such call.
bool send_transfer(Word number, const Word* w, Word& result) {
  const int fd = static_cast<int>(w[0]);
  const auto bytes = static_cast<size_t>(w[2]);
  const iovec vector{reinterpret_cast<void*>(w[1]), bytes};
  const auto* const vectors = reinterpret_cast<const iovec*>(w[1]);
  const int count = static_cast<int>(w[2]);
  const auto call = [&] { return pass_on(number, w); };
  const auto finish = [&](Outcome outcome) {
    result = conclude(outcome, call);
    return true;
  };
  const auto finish_write = [&](size_t count, auto managed) {
    result = write_or(fd, count, managed, call);
    return true;
  };
  const auto follow = [&](size_t most, auto read) {
    follow_read(fd, kAtPosition, most, [&] {
      finish(read());
      return result;
    });
    return true;
  };
  switch (number) {
    case __NR_write:
      return finish_write(bytes, [&] { return write_managed(fd, vector.iov_base, bytes); });
    case __NR_writev:
      return finish_write(bytes_of(vectors, count),
                          [&] { return write_managed(fd, vectors, count); });
    case __NR_pwrite64:
      return finish_write(bytes, [&] { return pwrite_managed(fd, &vector, 1, w[3]); });
    case __NR_read:
      return follow(bytes, [&] { return read_managed(fd, vector.iov_base, bytes); });
    case __NR_readv:
      return follow(bytes, [&] { return read_managed(fd, vectors, count); });
    case __NR_lseek:
      return finish(seek_managed(fd, w[1], count, Need::kBoth));
    default:
      return false;
  }
}

/// Process calls that can't go by libc's functions, which do more than the call.
Word send_process(Word number, const Word* w) {
  if (number == __NR_exit_group) {
    close_gate();
    make_durable();
    emit_report();
  } else {
    hand_over_all_and_claim();
  }
  if (number == __NR_clone) before_clone(static_cast<uint64_t>(w[0]));
  // The first member of its arguments are the flags. Who only asks whether there is such a call
  // gives none.
  if (number == __NR_clone3 && w[0] != 0 && w[1] >= 8)
    before_clone(*reinterpret_cast<const uint64_t*>(w[0]));
  const Word result = pass_on(number, w);
  if (result == 0 && !inert()) Section fresh;  // the child
  return result;
}

/// System calls of the same shape as the exported function.
Word send_by_number(Word number, const Word* w) {
  switch (number) {
    case __NR_close:
      return send_to(close, w);
    case __NR_close_range:
      return send_to(close_range, w);
    case __NR_pread64:
      return send_to(pread, w);
    case __NR_dup:
      return send_to(dup, w);
    case __NR_dup3:
      return send_to(dup3, w);
    case __NR_flock:
      return send_to(flock, w);
    case __NR_sendmsg:
      return send_to(sendmsg, w);
    case __NR_fsync:
      return send_to(fsync, w);
    case __NR_fdatasync:
      return send_to(fdatasync, w);
    case __NR_syncfs:
      return send_to(syncfs, w);
    case __NR_sync_file_range:
      return send_to(sync_file_range, w);
    case __NR_ftruncate:
      return send_to(ftruncate, w);
    case __NR_truncate:
      return send_to(truncate, w);
    case __NR_fallocate:
      return send_to(fallocate, w);
    case __NR_fstat:
      return send_to(fstat, w);
    case __NR_newfstatat:
      return send_to(fstatat, w);
    case __NR_statx:
      return send_to(statx, w);
    case __NR_utimensat:
      // libc refuses what the kernel takes for the descriptor itself.
      if (w[1] == 0) prepare(static_cast<int>(w[0]), Need::kData);
      return w[1] == 0 ? pass_on(number, w) : send_to(utimensat, w);
    case __NR_fchmod:
      return send_to(fchmod, w);
    case __NR_fchown:
      return send_to(fchown, w);
    case __NR_fchownat:
      return send_to(fchownat, w);
    case __NR_fchmodat:
      return fchmodat((int)w[0], (const char*)w[1], (mode_t)w[2], 0);
    case __NR_sendmmsg:
      return send_to(sendmmsg, w);
    case __NR_recvmsg:
      return send_to(recvmsg, w);
    case __NR_msync:
      return send_to(msync, w);
    case __NR_fadvise64:
      // libc's returns the error.
      return prepare(static_cast<int>(w[0]), Need::kData) ? pass_on(number, w) : fail(EBADF);
    case __NR_lsetxattr:
      return send_to(lsetxattr, w);
    case __NR_fremovexattr:
      return send_to(fremovexattr, w);
    case __NR_removexattr:
      return send_to(removexattr, w);
    case __NR_lremovexattr:
      return send_to(lremovexattr, w);
    case __NR_openat2:
      return send_openat2(w);
    case __NR_fsetxattr:
      return send_to(fsetxattr, w);
    case __NR_setxattr:
      return send_to(setxattr, w);
    case __NR_mmap:
      return send_to(mmap, w);
    case __NR_madvise:
      return send_to(madvise, w);
    case __NR_sendfile:
      return send_to(sendfile, w);
    case __NR_copy_file_range:
      return send_to(copy_file_range, w);
    case __NR_splice:
      return send_to(splice, w);
    case __NR_execve:
      return send_to(execve, w);
    case __NR_execveat:
      return send_to(execveat, w);
    case __NR_unshare:
      return send_to(unshare, w);
    case __NR_setns:
      return send_to(setns, w);
    case __NR_kill:
      return send_to(kill, w);
    case __NR_tgkill:
      return send_to(tgkill, w);
    case __NR_tkill:
    case __NR_rt_sigqueueinfo:
    case __NR_rt_tgsigqueueinfo:
      hand_over_all();
      return pass_on(number, w);
    case __NR_rt_sigaction:
      if (w[1] != 0) note_signal_handler();
      return pass_on(number, w);
    case __NR_io_submit:
      hand_back_requests(w[1], reinterpret_cast<const iocb* const*>(w[2]));
      return pass_on(number, w);
    case __NR_io_uring_setup:
    case __NR_io_uring_enter:
      return send_to_ring(number, w);
    case __NR_seccomp:
      retire(HandBack::kSandbox);
      return pass_on(number, w);
    case __NR_prlimit64:
      return send_to(prlimit, w);
    case __NR_memfd_create:
      return send_to(memfd_create, w);
#ifdef __NR_open  // the older calls, that newer machines have not got
    case __NR_setrlimit:
      return send_to(setrlimit, w);
    case __NR_dup2:
      return send_to(dup2, w);
    case __NR_creat:
      return send_to(creat, w);
    case __NR_stat:
      // Older libcs have none to be sent to.
      return fstatat(AT_FDCWD, (const char*)w[0], (struct stat*)w[1], 0);
    case __NR_lstat:
      return fstatat(AT_FDCWD, (const char*)w[0], (struct stat*)w[1], AT_SYMLINK_NOFOLLOW);
    case __NR_utime:
      return send_to(utime, w);
    case __NR_utimes:
      return send_to(utimes, w);
    case __NR_futimesat:
      return send_to(futimesat, w);
    case __NR_chmod:
      return send_to(chmod, w);
    case __NR_chown:
      return send_to(chown, w);
    case __NR_lchown:
      return send_to(lchown, w);
    case __NR_fork:
      return send_process(number, w);
#endif
    case __NR_clone:
    case __NR_clone3:
    case __NR_exit:
    case __NR_exit_group:
      return send_process(number, w);
    case __NR_pwritev:
    case __NR_pwritev2:
    case __NR_preadv:
    case __NR_preadv2:
      return send_vectored(number, w);
    default:
      return pass_on(number, w);
  }
}

/// A call that is being made by this thread. What it comes down to may be another library's
/// function (tcmalloc's mmap), which is itself a call by number, and would come round for ever.
class CallByNumber {
 public:
  CallByNumber(Word number, Word first) : number_(number), first_(first), outer_(innermost_) {
    innermost_ = this;
  }
  ~CallByNumber() { innermost_ = outer_; }
  CallByNumber(const CallByNumber&) = delete;
  CallByNumber& operator=(const CallByNumber&) = delete;

  bool came_round() const {
    const CallByNumber* call = outer_;
    while (call != nullptr && (call->number_ != number_ || call->first_ != first_))
      call = call->outer_;
    return call != nullptr;
  }

 private:
  static constinit thread_local const CallByNumber* innermost_;
  const Word number_, first_;
  const CallByNumber* const outer_;
};

constinit thread_local const CallByNumber* CallByNumber::innermost_ = nullptr;

}  // namespace

SEQSHIM_EXPORT long syscall(long number, ...) noexcept {
  va_list arguments;
  va_start(arguments, number);
  Word words[6];
  for (Word& word : words) word = va_arg(arguments, Word);
  va_end(arguments);
  if (inert()) return pass_on(number, words);
  if (Word result; send_transfer(number, words, result)) return result;
  const CallByNumber call(number, words[0]);
  if (call.came_round()) return pass_on(number, words);
  switch (number) {
    case __NR_sync:
      sync();
      return 0;
    // Their functions take what follows as variable arguments.
    case __NR_openat:
      return openat((int)words[0], (const char*)words[1], (int)words[2], (mode_t)words[3]);
    case __NR_fcntl:
      return fcntl((int)words[0], (int)words[1], (void*)words[2]);
    case __NR_prctl:
      return prctl((int)words[0], words[1], words[2], words[3], words[4]);
    case __NR_ioctl:
      return ioctl((int)words[0], (unsigned long)words[1], (void*)words[2]);
#ifdef __NR_open
    case __NR_open:
      return open((const char*)words[0], (int)words[1], (mode_t)words[2]);
#endif
    default:
      return send_by_number(number, words);
  }
}
