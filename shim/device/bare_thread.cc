#include "shim/device/bare_thread.h"

#include <linux/sched.h>

#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

// What the thread pointer points at: enough for the stack protector's canary and a self pointer.
alignas(64) constinit std::byte thread_block[512];

constexpr unsigned long kFlags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
                                 CLONE_SYSVSEM | CLONE_SETTLS | CLONE_CHILD_CLEARTID;

}  // namespace

long clone_onto(unsigned long flags, void (*entry)(), std::byte* stack_top, void* thread_pointer,
                void* clear_at_exit) {
#if defined(__x86_64__)
  register void* child_tid asm("r10") = clear_at_exit;
  register void* tls asm("r8") = thread_pointer;
  long result;
  asm volatile(
      "syscall\n\t"
      "test %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xor %%ebp, %%ebp\n\t"
      "call *%[entry]\n\t"
      "hlt\n"
      "1:"
      : "=a"(result)
      : "a"(__NR_clone), "D"(flags), "S"(stack_top), "d"(nullptr), "r"(child_tid),
        "r"(tls), [entry] "r"(entry)
      : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long x8 asm("x8") = __NR_clone;
  register long x0 asm("x0") = static_cast<long>(flags);
  register void* x1 asm("x1") = stack_top;
  register void* x2 asm("x2") = nullptr;
  register void* x3 asm("x3") = thread_pointer;
  register void* x4 asm("x4") = clear_at_exit;
  register void (*x9)() asm("x9") = entry;
  asm volatile(
      "svc 0\n\t"
      "cbnz x0, 1f\n\t"
      "mov x29, xzr\n\t"
      "blr x9\n\t"
      "brk 0\n"
      "1:"
      : "+r"(x0)
      : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x9)
      : "memory", "x30");
  return x0;
#endif
}

long start_bare_thread(void (*entry)(), std::byte* stack, size_t stack_bytes,
                       std::atomic<uint32_t>& occupied) {
  void* const pointer = thread_block + sizeof thread_block / 2;
  *static_cast<void**>(pointer) = pointer;
  occupied.store(1, std::memory_order_relaxed);
  const long result = clone_onto(kFlags, entry, stack + stack_bytes, pointer, &occupied);
  if (result < 0) occupied.store(0, std::memory_order_relaxed);
  return result;
}

void await_end_of_bare_thread(long id) {
  const long process = sys::call_with(__NR_getpid);
  // Bounded, for another thread may have been given the id since.
  for (int i = 0; i < 1000 && sys::call_with(__NR_tgkill, process, id, 0) == 0; ++i)
    sys::call_with(__NR_sched_yield);
}

void exit_bare_thread() {
  for (;;) sys::call_with(__NR_exit, 0);
}

}  // namespace seqshim
