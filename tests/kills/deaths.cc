#include "tests/kills/deaths.h"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

#include "shim/system/syscalls.h"

namespace kills {
namespace {

void store_badly() {
  int* volatile const nowhere = reinterpret_cast<int*>(8);
  *nowhere = 1;
}

// Not a tail call, and each round takes a page.
__attribute__((noinline)) int overflow(int depth) {  // NOLINT(misc-no-recursion)
  volatile char page[4096];
  page[depth % 4096] = 1;
  const int deeper = depth < 0 ? 0 : overflow(depth + 1);
  return deeper + page[0];
}

void write_to_nobody() {
  int ends[2];
  if (pipe(ends) != 0) return;
  signal(SIGPIPE, SIG_DFL);
  close(ends[0]);
  if (write(ends[1], "x", 1) == 1) _exit(1);
}

void exec_by_instruction(const char* program) {
  const char* const arguments[] = {program, nullptr};
  seqshim::sys::call_with(__NR_execve, program, arguments, environ);
}

void take_all_memory() {
  constexpr size_t kPiece = 1 << 20;
  for (int piece = 0; piece < 1024; ++piece) {
    void* const memory =
        mmap(nullptr, kPiece, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (size_t at = 0; memory != MAP_FAILED && at < kPiece; at += 4096)
      static_cast<volatile char*>(memory)[at] = 1;
  }
}

}  // namespace

bool comes_from_within(Kind kind) { return kind >= Kind::kSegv && kind <= Kind::kMemory; }

void die(Kind kind, const char* static_program) {
  switch (kind) {
    case Kind::kSegv:
      store_badly();
      break;
    case Kind::kAbort:
      abort();
    case Kind::kPipe:
      write_to_nobody();
      break;
    case Kind::kExitGroup:
      seqshim::sys::call_with(__NR_exit_group, kExitGroupCode);
      break;
    case Kind::kExecStatic:
      exec_by_instruction(static_program);
      break;
    case Kind::kExecDynamic:
      exec_by_instruction("/bin/true");
      break;
    case Kind::kOverflow:
      overflow(1);
      break;
    case Kind::kMemory:
      take_all_memory();
      break;
    default:
      break;
  }
  _exit(99);  // it was to be otherwise
}

}  // namespace kills
