#include "shim/profile/modules.h"

#include <fcntl.h>
#include <link.h>

#include <algorithm>

#include "shim/profile/memory.h"
#include "shim/system/put_text.h"

namespace seqshim::profiling {
namespace {

const ModuleRecord* find_module(const State& state, uint64_t address) {
  for (uint32_t i = 0; i < state.modules; ++i) {
    const ModuleRecord& module = state.slot->modules[i];
    if (module.start <= address && address < module.end) return &module;
  }
  return nullptr;
}

constinit char path_buffer[PATH_MAX];  // the state is held

const char* link_target(const char* link) {
  const long length =
      sys::call_with(__NR_readlinkat, AT_FDCWD, link, path_buffer, sizeof path_buffer - 1);
  path_buffer[std::max(length, 0L)] = '\0';
  return path_buffer;
}

/// The dynamic linker has names as they were asked for.
void put_path(char (&out)[kPathBytes], const char* name) {
  if (name[0] == '\0') return put_end(out, link_target("/proc/self/exe"));
  if (name[0] == '/') return put_end(out, name);
  const char* const directory = link_target("/proc/self/cwd");
  size_t room = sizeof path_buffer, length = 0;
  while (directory[length] != '\0') ++length;
  path_buffer[length++] = '/';
  for (room -= length + 1; *name != '\0' && room > 0; --room) path_buffer[length++] = *name++;
  path_buffer[length] = '\0';
  put_end(out, path_buffer);
}

void add_module(State& state, const dl_phdr_info& info, const ElfW(Phdr) & segment) {
  const uint64_t start = info.dlpi_addr + segment.p_vaddr;
  if (state.modules == kMaxModules || find_module(state, start) != nullptr) return;
  ModuleRecord& module = state.slot->modules[state.modules];
  if (!populate(&module, sizeof module)) return;
  module.start = start;
  module.end = start + segment.p_memsz;
  module.bias = info.dlpi_addr;
  put_path(module.path, info.dlpi_name);
  module.used.store(1, std::memory_order_release);
  ++state.modules;
}

int on_object(dl_phdr_info* info, size_t, void* argument) {
  for (size_t i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[i];
    if (segment.p_type == PT_LOAD && (segment.p_flags & PF_X) != 0)
      add_module(*static_cast<State*>(argument), *info, segment);
  }
  return 0;
}

bool all_known(const State& state, const CallPath& path) {
  return std::all_of(path.frames.begin(), path.frames.begin() + path.depth,
                     [&](uint64_t address) { return find_module(state, address) != nullptr; });
}

}  // namespace

void note_modules(State& state, const CallPath& path) {
  // Code that is made at run time is in none, however often one looks.
  constexpr uint32_t kMostVainLooks = 32;
  if (state.vain_looks >= kMostVainLooks || all_known(state, path)) return;
  const uint32_t before = state.modules;
  dl_iterate_phdr(on_object, &state);
  if (state.modules == before) ++state.vain_looks;
}

}  // namespace seqshim::profiling
