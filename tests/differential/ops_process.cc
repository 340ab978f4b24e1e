// Children, images, ends.
#include <fcntl.h>
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
#include "tests/differential/op_functions.h"
#include "tests/differential/paths.h"
#include "tests/support/newer_libc.h"

namespace differential {
namespace {

using Words = std::vector<std::string>;

std::vector<char*> pointers(const Words& words) {
  std::vector<char*> list;
  for (const std::string& word : words) list.push_back(const_cast<char*>(word.c_str()));
  list.push_back(nullptr);
  return list;
}

enum Preload : int64_t { kKeep = 0, kDrop = 1, kRestore = 2 };

/// The environment of a new image: with LD_PRELOAD as it is, without, or as the driver wanted it.
Words environment(int64_t preload) {
  Words words;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (preload == kKeep || std::strncmp(*entry, "LD_PRELOAD=", 11) != 0) words.push_back(*entry);
  }
  const char* wanted = getenv("DIFFERENTIAL_PRELOAD");
  if (preload == kRestore && wanted != nullptr)
    words.push_back(std::string("LD_PRELOAD=") + wanted);
  return words;
}

void wait_for(Actor& a, const char* how, pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  a.log("%s child %x", how, status);
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
      abort();
    case 4:
      std::thread([] { exit(6); }).detach();
      for (;;) pause();
    case 5: {
      const Words words = a.command({0, 0}, 0);
      execv(words[0].c_str(), pointers(words).data());
      _exit(99);
    }
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
