#include "shim/device/risky_call.h"

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <initializer_list>
#include <vector>

namespace seqshim {
namespace {

/// From now on these calls end as `action` says. False: not here.
bool filter(std::initializer_list<Risky> calls, unsigned action) {
  std::vector<sock_filter> lines{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
  for (const Risky call : calls) {
    lines.push_back(
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(number_of(call)), 0, 1));
    lines.push_back(BPF_STMT(BPF_RET | BPF_K, action));
  }
  lines.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  const sock_fprog program{static_cast<unsigned short>(lines.size()), lines.data()};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/// In a process that has never asked before.
class RiskyCall : public testing::Test {
 protected:
  RiskyCall() { testing::FLAGS_gtest_death_test_style = "threadsafe"; }
};

#define EXPECT_IN_A_PROCESS(condition) \
  EXPECT_EXIT(_exit((condition) ? 0 : 1), testing::ExitedWithCode(0), "")

TEST_F(RiskyCall, IsMadeWhereNothingIsFiltered) {
  EXPECT_IN_A_PROCESS(outlives(Risky::kMincore) &&
                      risky_call(Risky::kMincore, 1L, 1L, nullptr) == -EINVAL);
}

bool only_those_that_kill_are_left_out() {
  if (!filter({Risky::kCachestat, Risky::kQuotactlFd}, SECCOMP_RET_KILL_PROCESS)) return true;
  return !outlives(Risky::kCachestat) && outlives(Risky::kMincore) &&
         !outlives(Risky::kQuotactlFd) && outlives(Risky::kQuotactl) &&
         risky_call(Risky::kCachestat, -1L, nullptr, nullptr, 0) == -EPERM &&
         risky_call(Risky::kMincore, 1L, 1L, nullptr) == -EINVAL;
}

TEST_F(RiskyCall, IsNotMadeWhereItKills) {
  EXPECT_IN_A_PROCESS(only_those_that_kill_are_left_out());
}

TEST_F(RiskyCall, LeavesNoChildBehind) {
  EXPECT_IN_A_PROCESS(only_those_that_kill_are_left_out() && waitpid(-1, nullptr, __WALL) == -1 &&
                      errno == ECHILD);
}

TEST_F(RiskyCall, IsMadeWhereItIsRefused) {
  EXPECT_IN_A_PROCESS(
      !filter({Risky::kMincore}, SECCOMP_RET_ERRNO | EACCES) ||
      (outlives(Risky::kMincore) && risky_call(Risky::kMincore, 1L, 1L, nullptr) == -EACCES));
}

}  // namespace
}  // namespace seqshim
