// Processes that come to share our descriptions, and those that must not see a hidden thread.
#include "shim/file/section.h"
#include "shim/interpose/entry.h"
#include "shim/interpose/stream.h"

using namespace seqshim;

// popen is declared to allocate; its old name need not be.
#pragma GCC diagnostic ignored "-Wmissing-attributes"

namespace {

/// In the parent, around whatever makes a child that inherits descriptors.
void before_child() {
  if (!inert()) hand_over_all_and_claim();
}

/// Python tells its user, since 3.12, when it forks beside a thread; ours is nobody's business.
void before_fork() {
  before_child();
  stop_engine();
}

/// In the parent, another thread may have opened a file meanwhile; the child knows nothing, and
/// closes what it has inherited of ours.
template <class Pid>
Pid after_fork(Pid pid) {
  if (inert()) return pid;
  if (pid == 0) {
    Section fresh;
  } else if (!__libc_single_threaded) {
    hand_over_all_and_claim();
  }
  return pid;
}

void standard_streams_replaced() {
  for (int fd = 0; fd <= 2; ++fd) renewed(fd);
}

}  // namespace

SEQSHIM_EXPORT pid_t fork() noexcept {
  before_fork();
  return after_fork(libc().fork());
}
SEQSHIM_TWIN(__fork, fork);

namespace {

struct CloneEntry {
  int (*function)(void*);
  void* argument;
};

/// In a child with its own memory. libc ends it by a raw system call when the function returns.
int run_cloned(void* entry) {
  const CloneEntry copy = *static_cast<CloneEntry*>(entry);
  after_fork(0);
  const int status = copy.function(copy.argument);
  close_gate();
  make_durable();
  emit_report();
  return status;
}

}  // namespace

SEQSHIM_EXPORT int clone(int (*entry)(void*), void* stack, int flags, void* argument,
                         ...) noexcept {
  va_list arguments;
  va_start(arguments, argument);
  pid_t* const parent = va_arg(arguments, pid_t*);
  void* const thread = va_arg(arguments, void*);
  pid_t* const child = va_arg(arguments, pid_t*);
  va_end(arguments);
  const bool is_thread = (flags & CLONE_THREAD) != 0;
  const bool shares_memory = (flags & CLONE_VM) != 0;
  if (!is_thread) before_child();
  // A process in our memory, at the same time: what a descriptor means is no longer one thing.
  if (shares_memory && (!is_thread || (flags & CLONE_FILES) == 0)) close_gate();
  before_clone(static_cast<unsigned>(flags));
  // The child finds this frame in its copy of our memory.
  CloneEntry own{entry, argument};
  if (!shares_memory && entry != nullptr) {
    entry = run_cloned;
    argument = &own;
  }
  return libc().clone(entry, stack, flags, argument, parent, thread, child);
}
SEQSHIM_TWIN(__clone, clone);

SEQSHIM_EXPORT pid_t _Fork() noexcept {
  before_fork();
  return after_fork(libc()._Fork());
}

SEQSHIM_EXPORT int daemon(int keep_directory, int keep_streams) noexcept {
  before_child();
  const int result = after_fork(libc().daemon(keep_directory, keep_streams));
  standard_streams_replaced();
  return result;
}

SEQSHIM_EXPORT pid_t forkpty(int* terminal, char* name, const termios* settings,
                             const winsize* size) noexcept {
  before_fork();
  const pid_t pid = after_fork(libc().forkpty(terminal, name, settings, size));
  if (pid == 0) standard_streams_replaced();
  if (pid > 0) renewed(*terminal);
  return pid;
}

SEQSHIM_EXPORT int login_tty(int terminal) noexcept {
  const int result = libc().login_tty(terminal);
  standard_streams_replaced();
  renewed(terminal);
  return result;
}

/// vfork.S: returns libc's own, to jump to. The child runs in our memory and is known by what is
/// announced here.
extern "C" __attribute__((visibility("hidden"))) decltype(&vfork) seqshim_before_vfork() {
  if (!inert() && !in_vfork_child()) {
    hand_over_all_and_claim();
    announce_vfork();
  }
  return libc().vfork;
}

SEQSHIM_EXPORT int posix_spawn(pid_t* pid, const char* path,
                               const posix_spawn_file_actions_t* actions,
                               const posix_spawnattr_t* attributes, char* const arguments[],
                               char* const environment[]) {
  before_child();
  return libc().posix_spawn(pid, path, actions, attributes, arguments, environment);
}

SEQSHIM_EXPORT int posix_spawnp(pid_t* pid, const char* file,
                                const posix_spawn_file_actions_t* actions,
                                const posix_spawnattr_t* attributes, char* const arguments[],
                                char* const environment[]) {
  before_child();
  return libc().posix_spawnp(pid, file, actions, attributes, arguments, environment);
}

namespace {

/// What such streams do must be seen: the program may make their descriptors those of files.
void see_process_streams(const FILE* stream) {
  if (inert() || in_vfork_child()) return;
  bool seen;
  {
    Section section;
    MutexLock lock(state().registry_lock);
    seen = hook_process_stream_slots(stream, managed_process_stream_calls);
  }
  if (!seen) close_gate();
}

}  // namespace

SEQSHIM_EXPORT FILE* popen(const char* command, const char* mode) {
  before_child();
  FILE* const stream = libc().popen(command, mode);
  if (stream == nullptr) return nullptr;
  renewed(fileno(stream));
  see_process_streams(stream);
  return stream;
}
SEQSHIM_TWIN(_IO_popen, popen);

SEQSHIM_EXPORT int pclose(FILE* stream) {
  const int fd = fileno(stream);
  const int result = libc().pclose(stream);
  renewed(fd);
  return result;
}

SEQSHIM_EXPORT int system(const char* command) {
  before_child();
  return libc().system(command);
}

SEQSHIM_EXPORT int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                                  void* (*entry)(void*), void* argument) noexcept {
  second_thread_begins();
  thread_begins();
  const ThreadBegins counted;
  return libc().pthread_create(thread, attributes, entry, argument);
}

// In libc it doesn't call the other.
SEQSHIM_EXPORT int thrd_create(thrd_t* thread, thrd_start_t entry, void* argument) {
  second_thread_begins();
  thread_begins();
  const ThreadBegins counted;
  return libc().thrd_create(thread, entry, argument);
}

// Both fail, for some namespaces, in a process that has more than one thread.

SEQSHIM_EXPORT int unshare(int flags) noexcept {
  if ((flags & CLONE_FILES) != 0) {
    split_descriptors();
  } else {
    stop_engine();
  }
  return libc().unshare(flags);
}

SEQSHIM_EXPORT int setns(int fd, int type) noexcept {
  stop_engine();
  return libc().setns(fd, type);
}
