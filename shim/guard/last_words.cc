#include "shim/guard/last_words.h"

#include <signal.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

constexpr int kFatal[] = {SIGHUP,  SIGINT,  SIGQUIT,   SIGILL,  SIGTRAP, SIGABRT,
                          SIGBUS,  SIGFPE,  SIGUSR1,   SIGSEGV, SIGUSR2, SIGPIPE,
                          SIGALRM, SIGTERM, SIGSTKFLT, SIGXCPU, SIGXFSZ, SIGVTALRM,
                          SIGPROF, SIGIO,   SIGPWR,    SIGSYS};

constinit std::atomic<void (*)()> writer_out{nullptr};

/// As the kernel has it. libc's own function might be another library's by now.
struct KernelAction {
  SignalHandler handler;
  unsigned long flags;
  void (*restorer)();
  uint64_t mask;
};

#if defined(__x86_64__)
asm(".text\n"
    "seqshim_return_from_signal:\n\t"
    "mov $15, %eax\n\t"  // rt_sigreturn
    "syscall\n");
#else
asm(".text\n"
    "seqshim_return_from_signal:\n\t"
    "mov x8, #139\n\t"  // rt_sigreturn
    "svc 0\n");
#endif
extern "C" [[gnu::visibility("hidden")]] void seqshim_return_from_signal();

long set_action(int signal, const KernelAction& action, KernelAction* previous) {
  return sys::call_with(__NR_rt_sigaction, signal, &action, previous, sizeof action.mask);
}

KernelAction action_of(SignalHandler handler) {
  constexpr unsigned long kRestorer = 0x04000000;
  return {handler, kRestorer, seqshim_return_from_signal, 0};
}

/// It is blocked until the return from here, and then ends the process; a fault comes again anyway.
void speak_last_words(int signal) {
  writer_out.load(std::memory_order_acquire)();
  set_action(signal, action_of(SIG_DFL), nullptr);
  const long process = sys::call_with(__NR_getpid);
  sys::call_with(__NR_tgkill, process, sys::call_with(__NR_gettid), signal);
}

}  // namespace

void install_last_words(void (*write_out)()) {
  void (*nobody)() = nullptr;
  if (!writer_out.compare_exchange_strong(nobody, write_out)) return;
  for (const int signal : kFatal) {
    KernelAction previous{};
    if (sys::call_with(__NR_rt_sigaction, signal, nullptr, &previous, sizeof previous.mask) == 0 &&
        previous.handler == SIG_DFL)
      set_action(signal, action_of(speak_last_words), nullptr);
  }
}

SignalHandler last_words_of(int signal) {
  if (writer_out.load(std::memory_order_acquire) == nullptr) return nullptr;
  for (const int fatal : kFatal)
    if (fatal == signal) return speak_last_words;
  return nullptr;
}

bool is_last_words(SignalHandler handler) { return handler == speak_last_words; }

}  // namespace seqshim
