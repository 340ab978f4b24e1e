#include "shim/profile/modules.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>

#include <algorithm>

#include "shim/profile/memory.h"
#include "shim/system/own_object.h"
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

void add_module(State& state, AddressRange range, uint64_t bias, const char* name) {
  if (state.modules == kMaxModules || find_module(state, range.start) != nullptr) return;
  ModuleRecord& module = state.slot->modules[state.modules];
  if (!populate(&module, sizeof module)) return;
  module.start = range.start;
  module.end = range.end;
  module.bias = bias;
  put_path(module.path, name);
  module.used.store(1, std::memory_order_release);
  ++state.modules;
}

#if __GLIBC_PREREQ(2, 35)

/// Takes no lock: dl_iterate_phdr's may be held by a thread that waits for this one, and in a
/// forked child by one that isn't there.
void look_for(State& state, uint64_t address) {
  dl_find_object found;
  if (_dl_find_object(reinterpret_cast<void*>(address), &found) != 0) return;
  add_module(state,
             {reinterpret_cast<uintptr_t>(found.dlfo_map_start),
              reinterpret_cast<uintptr_t>(found.dlfo_map_end)},
             found.dlfo_link_map->l_addr, found.dlfo_link_map->l_name);
}

#else

int on_object(dl_phdr_info* info, size_t, void* argument) {
  for (size_t i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_X) == 0) continue;
    const uint64_t start = info->dlpi_addr + segment.p_vaddr;
    add_module(*static_cast<State*>(argument), {start, start + segment.p_memsz}, info->dlpi_addr,
               info->dlpi_name);
  }
  return 0;
}

void look_for(State& state, uint64_t) {
  // Code that is made at run time is in none, however often one looks.
  constexpr uint32_t kMostVainLooks = 32;
  if (state.vain_looks >= kMostVainLooks) return;
  const uint32_t before = state.modules;
  dl_iterate_phdr(on_object, &state);
  if (state.modules == before) ++state.vain_looks;
}

#endif

}  // namespace

void note_modules(State& state, const CallPath& path) {
  for (uint16_t i = 0; i < path.depth; ++i)
    if (find_module(state, path.frames[i]) == nullptr) look_for(state, path.frames[i]);
}

}  // namespace seqshim::profiling
