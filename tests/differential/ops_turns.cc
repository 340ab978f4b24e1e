// Several processes, by whatever way they came to be, that write to one file in turns.
#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <vector>

#include "tests/differential/actor.h"
#include "tests/differential/environment.h"
#include "tests/differential/op_functions.h"
#include "tests/differential/paths.h"
#include "tests/differential/random.h"
#include "tests/differential/turns.h"
#include "tests/support/rights.h"

namespace differential {
namespace {

/// How a participant comes to be.
enum Birth : int64_t {
  kFork,
  kGrandchild,
  kPassed,
  kForkExec,
  kVfork,
  kSpawn,
  kBareSpawn,
  kBirths
};

struct Part {
  Birth birth;
  Voice voice;
  int fd;
  const char* path;
  size_t size;
  uint64_t tag;
  int in, out;  // of the token
};

void wait_for(pid_t child) {
  while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
}

/// By _exit: streams inherited from the parent must not be flushed by each of several children.
[[noreturn]] void play(const Part& part, int fd) {
  {
    Speaker speaker(part.voice, fd, part.path, part.size, part.tag);
    take_turns(speaker, part.in, part.out);
  }
  _exit(0);
}

Words program(Actor& a, const Part& part) {
  return {a.self(),
          "--turns",
          std::to_string(static_cast<int64_t>(part.voice)),
          part.path,
          std::to_string(part.size),
          std::to_string(part.tag)};
}

void move_into_place(const Part& part) {
  dup2(part.in, STDIN_FILENO);
  dup2(part.fd, STDOUT_FILENO);
  dup2(part.out, STDERR_FILENO);
}

/// The child is forked before it is given the description, and has closed what it inherited.
pid_t start_passed(const Part& part) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -1;
  rights_message message;
  const pid_t child = fork();
  if (child == 0) {
    close(part.fd);
    int received[MOST_RIGHTS] = {-1};
    expect_rights(&message);
    if (recvmsg(ends[1], &message.header, 0) == 1) unpack_rights(&message, received);
    play(part, received[0]);
  }
  pack_rights(&message, &part.fd, 1);
  sendmsg(ends[0], &message.header, 0);
  close(ends[0]);
  close(ends[1]);
  return child;
}

/// As daemons do: the parent waits for the one in between only.
pid_t start_grandchild(const Part& part) {
  const pid_t between = fork();
  if (between == 0) {
    if (fork() == 0) play(part, part.fd);
    _exit(0);
  }
  wait_for(between);
  return -1;
}

pid_t start_spawned(const Part& part, const std::vector<char*>& argv,
                    const std::vector<char*>& envp) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, part.in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, part.fd, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, part.out, STDERR_FILENO);
  pid_t child = -1;
  posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  return child;
}

pid_t start_program(Actor& a, const Part& part) {
  const Words words = program(a, part);
  const Words variables = environment(part.birth == kBareSpawn ? kDrop : kKeep);
  const std::vector<char*> argv = pointers(words), envp = pointers(variables);
  if (part.birth == kSpawn || part.birth == kBareSpawn) return start_spawned(part, argv, envp);
  const pid_t child = part.birth == kVfork ? vfork() : fork();
  if (child == 0) {
    move_into_place(part);
    execve(argv[0], argv.data(), envp.data());
    _exit(99);
  }
  return child;
}

pid_t start(Actor& a, const Part& part) {
  if (part.birth == kPassed) return start_passed(part);
  if (part.birth == kGrandchild) return start_grandchild(part);
  if (part.birth != kFork) return start_program(a, part);
  const pid_t child = fork();
  if (child == 0) play(part, part.fd);
  return child;
}

struct Ends {
  int at[2] = {-1, -1};
};

void close_both(const Ends& ends) {
  if (ends.at[0] >= 0) close(ends.at[0]);
  if (ends.at[1] >= 0) close(ends.at[1]);
}

struct Ring {
  explicit Ring(size_t size) : pipes(size) {
    for (Ends& ends : pipes) made &= pipe2(ends.at, O_CLOEXEC) == 0;
    made &= pipe2(alive.at, O_CLOEXEC) == 0;
  }
  ~Ring() {
    for (const Ends& ends : pipes) close_both(ends);
    close_both(alive);
  }
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  /// The lowest numbers are where programs get their ends.
  bool usable() const {
    bool all = made;
    for (const Ends& ends : pipes) all &= ends.at[0] > STDERR_FILENO && ends.at[1] > STDERR_FILENO;
    return all;
  }
  int in(size_t part) const { return pipes[part].at[0]; }
  int out(size_t part) const { return pipes[(part + 1) % pipes.size()].at[1]; }

  std::vector<Ends> pipes;
  Ends alive;  // its end of file: every process that was forked is gone
  bool made = true;
};

void wait_for_all(const std::vector<pid_t>& children, Ring& ring) {
  for (const pid_t child : children) {
    if (child > 0) wait_for(child);
  }
  close(ring.alive.at[1]);
  char none;
  while (read(ring.alive.at[0], &none, 1) < 0 && errno == EINTR) {
  }
}

/// The first part is ours; it has the token first.
void run_ring(Actor& a, std::vector<Part> parts, int64_t rounds) {
  Ring ring(parts.size());
  if (!ring.usable()) return a.log(" no pipes");
  std::vector<pid_t> children;
  for (size_t i = 0; i < parts.size(); ++i) {
    parts[i].in = ring.in(i);
    parts[i].out = ring.out(i);
    if (i > 0) children.push_back(start(a, parts[i]));
  }
  Token token;
  {
    const Part& own = parts[0];
    Speaker speaker(own.voice, own.fd, own.path, own.size, own.tag);
    for (int64_t i = 0; i <= rounds; ++i) {
      token.last = i == rounds;
      if (!token.last) speaker.speak(token);
      if (!send(own.out, token) || !receive(own.in, token)) break;
    }
  }
  wait_for_all(children, ring);
  a.log(" total %ld failures %d %d", static_cast<long>(token.total), token.failures, token.error);
}

/// What the participants are follows from `shape`.
std::vector<Part> draw_parts(int64_t shape, bool by_path, int fd, const char* path, size_t size) {
  Random random(static_cast<uint64_t>(shape));
  std::vector<Part> parts;
  for (int64_t i = random.between(2, 4); i > 0; --i) {
    const Voice voice = by_path ? Voice::kPath : static_cast<Voice>(random.below(kVoices - 1));
    const Birth birth = static_cast<Birth>(random.below(kBirths));
    const uint64_t tag = random.next() >> 1;
    parts.push_back({birth, voice, fd, path, size, tag, -1, -1});
  }
  return parts;
}

}  // namespace

/// All have one description, and so one offset.
void op_turns(Actor& a, const Args& x) {
  if (file_size_is_limited()) return;  // who is killed in his turn passes no token on
  const int fd = a.fd(x[0]);
  if (fd == STDIN_FILENO || fd == STDERR_FILENO) return a.log(" skipped");
  if (a.call([&] { return fcntl(fd, F_GETFD); }) < 0) return;
  run_ring(a, draw_parts(x[3], false, fd, "", static_cast<size_t>(x[1])), x[2]);
}

/// Each opens the file for himself, and closes it before he passes the token on.
void op_turns_by_path(Actor& a, const Args& x) {
  if (file_size_is_limited()) return;
  const char* path = path_name(x[0]);
  const long fd = a.call([&] { return open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644); });
  if (fd <= STDERR_FILENO) return a.log(" skipped");
  run_ring(a, draw_parts(x[3], true, static_cast<int>(fd), path, static_cast<size_t>(x[1])), x[2]);
  struct stat s = {};
  a.call([&] { return fstat(static_cast<int>(fd), &s); });
  a.log(" size %ld", static_cast<long>(s.st_size));
  a.call([&] { return close(static_cast<int>(fd)); });
}

}  // namespace differential
