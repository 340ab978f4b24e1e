#include "shim/cli/profile/memory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace seqshim::profiling {
namespace {

[[noreturn]] void fail() {
  throw std::system_error(errno, std::system_category(), "can't make memory to profile in");
}

// All of them, unless the user has set a limit to the size of files: to exceed it is a signal.
uint32_t slots_within_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  if (limit.rlim_cur <= offset_of_slot(1)) {
    errno = EFBIG;
    fail();
  }
  const rlim_t slots = (limit.rlim_cur - kHeaderBytes) / kSlotBytes;
  return static_cast<uint32_t>(std::min<rlim_t>(slots, kMaxProcesses));
}

}  // namespace

Memory::Memory(const std::string& patterns, uint32_t every)
    : fd_(memfd_create("seqshim-profile", MFD_CLOEXEC | MFD_ALLOW_SEALING)) {
  if (patterns.size() >= sizeof header_->patterns)
    throw std::invalid_argument("there are more patterns than can be held against a path");
  if (fd_ < 0) fail();
  const uint32_t slots = slots_within_limit();
  if (ftruncate(fd_, static_cast<off_t>(offset_of_slot(slots))) != 0) fail();
  // Whoever cut it short would kill those that write to it.
  fcntl(fd_, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW);
  void* const memory = mmap(nullptr, kHeaderBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0);
  if (memory == MAP_FAILED) fail();
  header_ = static_cast<Header*>(memory);
  patterns.copy(header_->patterns, patterns.size());
  header_->slot_size = sizeof(Slot);
  header_->slots = slots;
  header_->every = every;
  std::memcpy(header_->magic, kMagic, sizeof kMagic);
}

Memory::~Memory() {
  munmap(header_, kHeaderBytes);
  close(fd_);
}

std::string Memory::path() const { return fmt::format("/proc/{}/fd/{}", getpid(), fd_); }

void Memory::for_each_slot(const std::function<void(const Slot&)>& look) const {
  const uint32_t claimed = std::min(header_->claimed.load(), header_->slots);
  for (uint32_t i = 0; i < claimed; ++i) {
    const auto offset = static_cast<off_t>(offset_of_slot(i));
    void* const memory = mmap(nullptr, kSlotBytes, PROT_READ, MAP_SHARED, fd_, offset);
    if (memory == MAP_FAILED) fail();
    const auto& slot = *static_cast<const Slot*>(memory);
    if (slot.process.used.load() != 0) look(slot);
    munmap(memory, kSlotBytes);
  }
}

}  // namespace seqshim::profiling
