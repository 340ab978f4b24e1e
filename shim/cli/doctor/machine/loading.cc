#include "shim/cli/doctor/machine/loading.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace seqshim {
namespace {

[[noreturn]] void load(const char* library, int to) {
  for (const char* const name : {"SEQSHIM_MATCH", "SEQSHIM_READ"}) unsetenv(name);
  if (dlopen(library, RTLD_NOW | RTLD_LOCAL) == nullptr) {
    const char* const why = dlerror();
    // What can't be told can't be helped.
    [[maybe_unused]] const ssize_t told = write(to, why, std::strlen(why));
    _exit(1);
  }
  _exit(0);
}

std::string read_all(int fd) {
  std::string text;
  char piece[512];
  for (;;) {
    const ssize_t bytes = read(fd, piece, sizeof piece);
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes <= 0) return text;
    text.append(piece, static_cast<size_t>(bytes));
  }
}

}  // namespace

std::optional<std::string> error_of_loading(const std::string& library) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  const pid_t child = fork();
  if (child == 0) load(library.c_str(), ends[1]);
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    return std::nullopt;
  }
  std::string error = read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (error.empty() && status != 0) error = "a process that loads it doesn't survive that";
  return error;
}

bool is_loaded_here(const std::string& file_name) {
  struct Search {
    std::string_view name;
    bool found = false;
  } search{file_name};
  dl_iterate_phdr(
      [](dl_phdr_info* object, size_t, void* data) {
        auto& wanted = *static_cast<Search*>(data);
        const std::string_view path = object->dlpi_name;
        wanted.found = wanted.found || path.substr(path.rfind('/') + 1) == wanted.name;
        return 0;
      },
      &search);
  return search.found;
}

}  // namespace seqshim
