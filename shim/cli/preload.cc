#include "shim/cli/preload.h"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <cstdlib>
#include <filesystem>

#include "shim/cli/complain.h"

namespace seqshim {
namespace {

namespace fs = std::filesystem;

// Where it is installed, seen from the command; other architectures' may be beside that.
constexpr const char* kLibraries = SEQSHIM_LIBRARIES;

// Empty: nowhere.
std::string find_library(std::string_view name) {
  std::error_code error;
  const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const fs::path& place : {here, (here / kLibraries).lexically_normal()}) {
    if (fs::is_regular_file(place / name, error)) return place / name;
  }
  return {};
}

}  // namespace

PreloadLibrary find_preload_library(std::string_view name) {
  PreloadLibrary library{find_library(name), {}};
  struct statvfs mount {};
  if (library.path.empty()) {
    library.problem = fmt::format("{} is neither beside this command nor in {}", name, kLibraries);
  } else if (library.path.find_first_of(" :$") != library.path.npos) {
    // The dynamic linker puts other words in the place of $LIB, $ORIGIN and $PLATFORM.
    library.problem = fmt::format(
        "LD_PRELOAD can't name {}: move it to a path without blanks, colons and $", library.path);
  } else if (statvfs(library.path.c_str(), &mount) == 0 && (mount.f_flag & ST_NOEXEC) != 0) {
    library.problem =
        fmt::format("{} is on a file system mounted noexec: nothing can load it", library.path);
  }
  return library;
}

std::optional<std::string> preload_with(std::string_view name) {
  const PreloadLibrary library = find_preload_library(name);
  if (!library.problem.empty()) {
    complain(library.problem);
    return std::nullopt;
  }
  const char* const set = getenv("LD_PRELOAD");
  const std::string_view others = set != nullptr ? set : "";
  // Of a program below one that this command has started already.
  const bool there = others == library.path || others.starts_with(library.path + ":");
  if (there) return std::string(others);
  return others.empty() ? library.path : fmt::format("{}:{}", library.path, others);
}

}  // namespace seqshim
