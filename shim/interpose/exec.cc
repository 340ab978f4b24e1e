// Becoming another program: the kernel takes the memory, so nothing may be left in it, nor be
// written into it by another thread meanwhile.
#include <alloca.h>

#include "shim/interpose/entry.h"

using namespace seqshim;

namespace {

template <class Call>
int become(Call call) {
  const GateClosure closed;
  make_durable();
  emit_report();
  return call();
}

size_t count_arguments(va_list list) {
  size_t count = 1;
  while (va_arg(list, const char*) != nullptr) ++count;
  return count;
}

void collect_arguments(char** out, const char* first, va_list list) {
  for (*out = const_cast<char*>(first); *out != nullptr;) *++out = va_arg(list, char*);
}

}  // namespace

SEQSHIM_EXPORT int execve(const char* path, char* const arguments[],
                          char* const environment[]) noexcept {
  return become([&] { return libc().execve(path, arguments, environment); });
}

SEQSHIM_EXPORT int execv(const char* path, char* const arguments[]) noexcept {
  return become([&] { return libc().execv(path, arguments); });
}

SEQSHIM_EXPORT int execvp(const char* file, char* const arguments[]) noexcept {
  return become([&] { return libc().execvp(file, arguments); });
}

SEQSHIM_EXPORT int execvpe(const char* file, char* const arguments[],
                           char* const environment[]) noexcept {
  return become([&] { return libc().execvpe(file, arguments, environment); });
}

SEQSHIM_EXPORT int fexecve(int fd, char* const arguments[], char* const environment[]) noexcept {
  return become([&] { return libc().fexecve(fd, arguments, environment); });
}

SEQSHIM_EXPORT int execveat(int directory, const char* path, char* const arguments[],
                            char* const environment[], int flags) noexcept {
  return become([&] { return libc().execveat(directory, path, arguments, environment, flags); });
}

// The list forms become the vector forms, as in libc.

/// Makes `vector` of the arguments from `first` on, on the caller's stack.
#define SEQSHIM_COLLECT(vector, first)                                             \
  va_list counted;                                                                 \
  va_start(counted, first);                                                        \
  auto** const vector =                                                            \
      static_cast<char**>(alloca((count_arguments(counted) + 1) * sizeof(char*))); \
  va_end(counted);                                                                 \
  va_list list;                                                                    \
  va_start(list, first);                                                           \
  collect_arguments(vector, first, list)

SEQSHIM_EXPORT int execl(const char* path, const char* first, ...) noexcept {
  SEQSHIM_COLLECT(vector, first);
  va_end(list);
  return become([&] { return libc().execv(path, vector); });
}

SEQSHIM_EXPORT int execlp(const char* file, const char* first, ...) noexcept {
  SEQSHIM_COLLECT(vector, first);
  va_end(list);
  return become([&] { return libc().execvp(file, vector); });
}

SEQSHIM_EXPORT int execle(const char* path, const char* first, ...) noexcept {
  SEQSHIM_COLLECT(vector, first);
  char* const* const environment = va_arg(list, char* const*);
  va_end(list);
  return become([&] { return libc().execve(path, vector, environment); });
}
