#include "shim/profile/next.h"

#include <dlfcn.h>

namespace seqshim::profiling {

constinit Next next_table;

namespace {

template <class Function>
void look_up(Function& function, const char* name) {
  if (void* const found = dlsym(RTLD_NEXT, name); found != nullptr)
    function = reinterpret_cast<Function>(found);
}

}  // namespace

void look_up_next() {
  look_up(next_table.write, "write");
  look_up(next_table.pwrite, "pwrite");
  look_up(next_table.writev, "writev");
  look_up(next_table.copy_file_range, "copy_file_range");
  look_up(next_table.sendfile, "sendfile");
  look_up(next_table.splice, "splice");
  look_up(next_table.fsync, "fsync");
  look_up(next_table.fdatasync, "fdatasync");
  look_up(next_table.close, "close");
  look_up(next_table.dup3, "dup3");
  look_up(next_table.flock, "flock");
  look_up(next_table.pwritev, "pwritev");
  look_up(next_table.pwritev2, "pwritev2");
  look_up(next_table.dup2, "dup2");
  look_up(next_table.fcntl, "fcntl");
  look_up(next_table.lockf, "lockf");
  look_up(next_table.prctl, "prctl");
  look_up(next_table.vdprintf, "vdprintf");
  look_up(next_table.vdprintf_checked, "__vdprintf_chk");
  look_up(next_table.syscall, "syscall");  // last: all of it is there
}

}  // namespace seqshim::profiling
