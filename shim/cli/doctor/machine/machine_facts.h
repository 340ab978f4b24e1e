// What this machine, and whoever started us, let a program with the shim do: tried here, in this
// process, as the shim would in the program's.
#pragma once

#include <cstdint>
#include <string>

#include "shim/config/config.h"

namespace seqshim {

struct MachineFacts {
  std::string kernel;  // "6.1.0-18-amd64"
  int kernel_major = 0, kernel_minor = 0;
  std::string libc;             // "2.36"
  bool slots_found = false;     // stdio's
  std::string library;          // libseqshim.so; empty: it isn't there
  std::string library_problem;  // why it can't be loaded; empty: it can
  bool library_tried = false;
  std::string preload;       // LD_PRELOAD
  bool shim_loaded = false;  // into this very process

  // An errno each, or 0.
  int wipe_error = 0;      // of memory that a fork empties
  int memory_error = 0;    // of the memory that the clusters lie in, as much as is configured
  int memfd_error = 0;     // of a file for it, by which the guard has it too
  int collapse_error = 0;  // of huge pages under it
  int pidfd_error = 0;
  int ring_error = 0;  // of io_uring

  uint64_t memory = 0;  // bytes: SEQSHIM_MEMORY
  bool guard_wanted = true;
  bool guard_tried = false;  // not in a build with a sanitizer
  bool guard_started = false;
  bool first_process = false;              // number 1, to which orphans come
  int seccomp = 0;                         // 0: off, 1: strict, 2: there is a filter
  uint64_t size_limit = UINT64_MAX;        // RLIMIT_FSIZE, bytes
  uint64_t descriptor_limit = UINT64_MAX;  // RLIMIT_NOFILE
  uint64_t process_limit = UINT64_MAX;     // RLIMIT_NPROC
};

MachineFacts examine_machine(const Config& config);

}  // namespace seqshim
