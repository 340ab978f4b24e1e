#include "shim/cli/doctor/command/libraries.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "shim/cli/doctor/command/loader_cache.h"
#include "shim/cli/target/elf_program.h"
#include "shim/cli/target/input.h"

namespace seqshim {
namespace {

namespace fs = std::filesystem;

#if defined(__x86_64__)
constexpr const char* kPlatform = "x86_64";
constexpr const char* kLib = "lib/x86_64-linux-gnu";
#elif defined(__aarch64__)
constexpr const char* kPlatform = "aarch64";
constexpr const char* kLib = "lib/aarch64-linux-gnu";
#endif

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts;
  for (size_t at = 0; at < list.size();) {
    const size_t end = std::min(list.find_first_of(":;", at), list.size());
    // An empty one is the current directory.
    parts.push_back(end > at ? list.substr(at, end - at) : ".");
    at = end + 1;
  }
  return parts;
}

void replace(std::string& text, const std::string& what, const std::string& by) {
  for (size_t at = 0; (at = text.find(what, at)) != text.npos; at += by.size())
    text.replace(at, what.size(), by);
}

/// $ORIGIN and the like; each may stand in braces.
std::string expanded(std::string text, const std::string& origin) {
  const std::pair<std::string, std::string> names[] = {
      {"ORIGIN", origin}, {"LIB", kLib}, {"PLATFORM", kPlatform}};
  for (const auto& [name, value] : names) {
    replace(text, "${" + name + "}", value);
    replace(text, "$" + name, value);
  }
  return text;
}

/// Whether the dynamic linker would take it: one for another machine is passed over.
bool is_loadable(const fs::path& path) {
  const Input file(path);
  return file.is_open() && is_elf(file) && foreign_kind(file).empty();
}

std::string in_directories(const std::vector<std::string>& directories, const std::string& origin,
                           const std::string& name) {
  for (const std::string& directory : directories) {
    const fs::path path = fs::path(expanded(directory, origin)) / name;
    if (is_loadable(path)) return path;
  }
  return {};
}

/// `chain`: the DT_RPATHs of those that led there, the nearest first.
std::string find_library(const std::string& name, const ElfObject& asker,
                         const std::vector<std::string>& chain, const SearchPlaces& places) {
  std::error_code error;
  const std::string origin = fs::canonical(asker.path, error).parent_path();
  if (name.find('/') != name.npos) {
    const std::string path = expanded(name, origin);
    return is_loadable(path) ? path : "";
  }
  std::string path;
  if (asker.runpath.empty()) path = in_directories(chain, origin, name);
  if (path.empty()) path = in_directories(split(places.environment), origin, name);
  if (path.empty()) path = in_directories(split(asker.runpath), origin, name);
  if (const auto cached = places.cache.find(name); path.empty() && cached != places.cache.end())
    path = cached->second;
  if (!path.empty()) return path;
  return in_directories({std::string("/") + kLib, std::string("/usr/") + kLib, "/lib64",
                         "/usr/lib64", "/lib", "/usr/lib"},
                        origin, name);
}

struct Asker {
  const ElfObject* object;
  std::vector<std::string> chain;
};

std::vector<std::string> chain_of(const ElfObject& object, const std::vector<std::string>& above) {
  std::vector<std::string> chain;
  std::error_code error;
  const std::string origin = fs::canonical(object.path, error).parent_path();
  // A runpath makes the object's own rpath void, not those above it.
  if (object.runpath.empty()) {
    for (const std::string& directory : split(object.rpath))
      chain.push_back(expanded(directory, origin));
  }
  chain.insert(chain.end(), above.begin(), above.end());
  return chain;
}

}  // namespace

SearchPlaces search_places() {
  SearchPlaces places;
  if (const char* const path = getenv("LD_LIBRARY_PATH")) places.environment = path;
  std::ifstream cache("/etc/ld.so.cache", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(cache), {}};
  places.cache = read_loader_cache(bytes);
  return places;
}

std::vector<LinkedLibrary> libraries_of(const ElfObject& program, const SearchPlaces& places) {
  constexpr size_t kMost = 2000;  // lest a file that lies keep us for ever
  std::vector<LinkedLibrary> libraries;
  libraries.reserve(kMost);  // the askers below point into it
  std::vector<Asker> askers = {{&program, chain_of(program, {})}};
  for (size_t i = 0; i < askers.size(); ++i) {
    for (const std::string& name : askers[i].object->needed) {
      const bool known = std::any_of(libraries.begin(), libraries.end(),
                                     [&](const LinkedLibrary& one) { return one.name == name; });
      if (known || libraries.size() == kMost) continue;
      LinkedLibrary library{name, {}};
      const std::string path = find_library(name, *askers[i].object, askers[i].chain, places);
      if (auto object = path.empty() ? std::nullopt : read_elf_object(path))
        library.object = std::move(*object);
      libraries.push_back(std::move(library));
      const ElfObject& object = libraries.back().object;
      if (!object.path.empty()) askers.push_back({&object, chain_of(object, askers[i].chain)});
    }
  }
  return libraries;
}

}  // namespace seqshim
