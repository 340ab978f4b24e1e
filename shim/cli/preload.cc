#include "shim/cli/preload.h"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <cstdlib>
#include <filesystem>
#include <vector>

#include "shim/cli/complain.h"

namespace seqshim {
namespace {

namespace fs = std::filesystem;

// Empty: nowhere.
std::string find_library(std::string_view name) {
  std::error_code error;
  const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
  const fs::path lib = here.parent_path() / "lib";
  std::vector<fs::path> places = {here};
  for (const fs::directory_entry& entry : fs::directory_iterator(lib, error)) {
    if (entry.is_directory(error)) places.push_back(entry.path());
  }
  places.push_back(lib);
  for (const fs::path& place : places) {
    if (fs::is_regular_file(place / name, error)) return place / name;
  }
  return {};
}

}  // namespace

PreloadLibrary find_preload_library(std::string_view name) {
  PreloadLibrary library{find_library(name), {}};
  struct statvfs mount {};
  if (library.path.empty()) {
    library.problem = fmt::format("{} is neither beside this command nor in ../lib", name);
  } else if (library.path.find_first_of(" :") != library.path.npos) {
    library.problem = fmt::format(
        "LD_PRELOAD can't name {}: move it to a path without blanks and colons", library.path);
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
