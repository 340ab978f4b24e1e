// Children, images, ends.
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include "tests/differential/actor.h"
#include "tests/differential/environment.h"
#include "tests/differential/op_functions.h"
#include "tests/differential/paths.h"
#include "tests/support/newer_libc.h"

namespace differential {
namespace {

void wait_for(Actor& a, const char* how, pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  a.log("%s child %x", how, status);
}

/// The process ends, as by exit(0), with the thread that is left.
[[noreturn]] void leave_to_last_thread() {
  static const pthread_t first = pthread_self();
  std::thread([] {
    pthread_join(first, nullptr);
    if (write(STDOUT_FILENO, "the last thread\n", 16) < 0) perror("write");
  }).detach();
  pthread_exit(nullptr);
}

[[noreturn]] void finish(Actor& a, int64_t how) {
  switch (how) {
    case 0:
      exit(3);
    case 1:
      quick_exit(4);
    case 2:
      _Exit(5);
    case 3:
      a.log("aborts");
      a.end_line();
      abort();
    case 4:
      std::thread([] { exit(6); }).detach();
      for (;;) pause();
    case 5: {
      const Words words = a.command({0, 0}, 0);
      execv(words[0].c_str(), pointers(words).data());
      _exit(99);
    }
    case 6:
      leave_to_last_thread();
    default:
      _exit(0);
  }
}

void execute(Actor& a, Actor::Rest rest, int deeper, int64_t how, int64_t preload) {
  const Words words = a.command(rest, deeper);
  const Words variables = environment(preload);
  const std::vector<char*> argv = pointers(words), envp = pointers(variables);
  if (how == 0) {
    const int image = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    fexecve(image, argv.data(), envp.data());
  } else if (how == 1) {
    execvpe(argv[0], argv.data(), envp.data());
  } else if (how == 2 && preload == kKeep) {
    execv(argv[0], argv.data());
  } else {
    execve(argv[0], argv.data(), envp.data());
  }
}

void run_shell(Actor& a, const std::string& command) {
  const int status = system(command.c_str());
  a.log(" = %x", status);
}

}  // namespace

void op_fork(Actor& a, const Args& x) {
  const Actor::Rest block = a.take_block();
  a.end_line();
  const pid_t child = x[1] == 0 ? _Fork() : fork();
  if (child == 0) {
    a.enter_child();
    a.run(block.from, block.to);
    finish(a, x[0]);
  }
  wait_for(a, "forked", child);
}

void op_vfork(Actor& a, const Args& x) {
  const Words words = a.command(a.take_block(), 1);
  const Words variables = environment(x[2]);
  const std::vector<char*> argv = pointers(words), envp = pointers(variables);
  const int fd = a.fd(x[0]);
  const char* data = a.bytes(77);
  a.end_line();
  const pid_t child = vfork();
  if (child == 0) {
    if (x[1] == 0) dup2(fd, STDOUT_FILENO);
    if (x[1] == 1) close(fd);
    if (x[1] == 2 && write(fd, data, 77) != 77) close(fd);
    if (x[1] == 3) _exit(42);
    if (x[1] == 4) close_range(3, ~0U, 0);
    if (x[1] == 5) close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    if (x[1] == 6) closefrom(5);
    if (x[1] == 7) dup2(fd, 9);
    execve(argv[0], argv.data(), envp.data());
    _exit(99);
  }
  wait_for(a, "vforked", child);
}

void op_spawn(Actor& a, const Args& x) {
  const Words words = a.command(a.take_block(), 1);
  const Words variables = environment(x[3]);
  const std::vector<char*> argv = pointers(words), envp = pointers(variables);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const int flags = O_WRONLY | O_CREAT | (x[2] == 3 ? O_APPEND : 0);
  if (x[2] == 0) posix_spawn_file_actions_adddup2(&actions, a.fd(x[0]), STDOUT_FILENO);
  if (x[2] == 1) posix_spawn_file_actions_addclose(&actions, a.fd(x[0]));
  if (x[2] == 2 || x[2] == 3) {
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, path_name(x[1]), flags, 0644);
  }
  if (x[2] == 5)
    posix_spawn_file_actions_addopen(&actions, a.fd(x[0]), path_name(x[1]), flags, 0644);
  if (x[2] == 6) posix_spawn_file_actions_addclosefrom_np(&actions, 4);
  if (x[2] == 7) {
    posix_spawn_file_actions_adddup2(&actions, a.fd(x[0]), 9);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, path_name(x[1]), flags | O_TRUNC,
                                     0644);
    posix_spawn_file_actions_addclose(&actions, a.fd(x[0]));
  }
  a.end_line();
  pid_t child = -1;
  const int error = x[2] == 4
                        ? posix_spawnp(&child, argv[0], nullptr, nullptr, argv.data(), envp.data())
                        : posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return a.log("not spawned %d", error);
  wait_for(a, "spawned", child);
}

void op_end(Actor&, const Args&) {}

void op_exec(Actor& a, const Args& x) {
  a.end_line();
  execute(a, a.rest_of_range(), 0, x[0], x[1]);
  const int error = errno;
  a.log("exec failed");
  a.log_error(error);
}

void op_exec_missing(Actor& a, const Args& x) {
  char* const argv[] = {const_cast<char*>("missing"), nullptr};
  const char* path = x[0] == 0 ? "./data/a" : "./missing";
  a.call([&] { return x[0] == 1 ? execvp(path, argv) : execve(path, argv, environ); });
}

void op_system(Actor& a, const Args& x) {
  const std::string path = path_name(x[0]), other = path_name(x[1]);
  switch (x[2]) {
    case 0:
      return run_shell(a, "cat " + path + " >> " + other);
    case 1:
      return run_shell(a, "exec 7<> " + other + "; head -c 50 " + path + " >&7; printf more >&7");
    case 2:
      return run_shell(a, "{ printf first; cat " + path + "; printf last; } > " + other);
    case 3:
      return run_shell(a,
                       "exec >> " + other + "; cat " + path + "; (printf sub; exec cat plain/u)");
    case 4:
      return run_shell(a, "sort < " + path + " > " + other + " 2>&1; printf tail >> " + other);
    default:
      return run_shell(a, "printf 'by the shell' >> " + path);
  }
}

/// Children of a shell that write to a description of ours.
void op_shell_inherit(Actor& a, const Args& x) {
  const int fd = a.fd(x[0]);
  if (fd < 0 || fd > 9) return a.log(" skipped");
  const std::string to = ">&" + std::to_string(fd);
  if (x[1] == 0) return run_shell(a, "printf 'one ' " + to);
  if (x[1] == 1) return run_shell(a, "{ printf 'two '; cat data/b; printf three; } " + to);
  FILE* pipe = popen(("cat " + to).c_str(), "w");
  if (pipe == nullptr) return a.log(" no pipe");
  fwrite(a.bytes(3000), 1, 3000, pipe);
  a.log(" = %x", pclose(pipe));
}

void op_popen_write(Actor& a, const Args& x) {
  const std::string path = path_name(x[0]);
  FILE* pipe = popen(("cat " + std::string(x[2] == 0 ? ">> " : "> ") + path).c_str(), "we");
  if (pipe == nullptr) return a.log(" no pipe");
  const size_t size = static_cast<size_t>(x[1]);
  fwrite(a.bytes(size), 1, size, pipe);  // whether a shell that failed is still there is chance
  a.log(" = %x", pclose(pipe));
}

void op_popen_read(Actor& a, const Args& x) {
  FILE* pipe = popen((std::string("cat ") + path_name(x[0])).c_str(), "r");
  if (pipe == nullptr) return a.log(" no pipe");
  for (size_t got; (got = fread(a.scratch(), 1, Actor::kBuffer, pipe)) > 0;) {
    a.log_hash(a.scratch(), got);
  }
  a.log(" = %x", pclose(pipe));
}

void op_finish(Actor& a, const Args& x) {
  a.end_line();
  finish(a, x[0]);
}

void op_die(Actor& a, const Args& x) {
  static constexpr int kSignals[] = {SIGKILL, SIGSEGV, SIGTERM, SIGBUS};
  a.end_line();
  signal(kSignals[x[0]], SIG_DFL);
  raise(kSignals[x[0]]);
}

}  // namespace differential
