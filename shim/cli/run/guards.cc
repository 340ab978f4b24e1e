#include "shim/cli/run/guards.h"

#include <signal.h>
#include <sys/wait.h>

#include <cerrno>
#include <charconv>
#include <string>
#include <string_view>

#include "shim/cli/run/processes.h"

namespace seqshim {
namespace {

constexpr std::string_view kGuard = "seqshim:";  // and the number of the process that it guards

// 0: there is none. Guards are orphans from the start, and so our children.
pid_t guard_at_work() {
  for (const pid_t process : children()) {
    const pid_t owner = guarded_by(process);
    if (owner > 0 && ended_since(owner, process)) return process;
  }
  return 0;
}

}  // namespace

pid_t guarded_by(pid_t process) {
  const std::string name = name_of(process);
  if (!name.starts_with(kGuard)) return 0;
  pid_t owner = 0;
  std::from_chars(name.data() + kGuard.size(), name.data() + name.size(), owner);
  return owner;
}

// One that is killed has an heir, which then comes to us.
void wait_for_guards() {
  while (const pid_t guard = guard_at_work()) {
    siginfo_t end{};
    while (waitid(P_PID, guard, &end, WEXITED | __WALL) != 0)
      if (errno != EINTR) return;
  }
}

}  // namespace seqshim
