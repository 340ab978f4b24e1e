#include "shim/cli/doctor/command/loader_cache.h"

#include <cstdint>
#include <cstring>
#include <optional>

namespace seqshim {
namespace {

// As in glibc's dl-cache.h; all numbers are this machine's.
constexpr std::string_view kMagic = "glibc-ld.so.cache1.1";
struct Header {
  char magic[20];
  uint32_t entries;
  uint32_t text_bytes;
  uint32_t others[5];
};
struct Entry {
  int32_t flags;
  uint32_t name, path;  // where in the file, from its magic
  uint32_t system_version;
  uint64_t capabilities;
};

#if defined(__x86_64__)
constexpr int32_t kOurs = 0x0303;
#elif defined(__aarch64__)
constexpr int32_t kOurs = 0x0a03;
#endif

template <class T>
bool read_at(std::string_view bytes, size_t offset, T& object) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof object) return false;
  std::memcpy(&object, bytes.data() + offset, sizeof object);
  return true;
}

std::optional<std::string> text_at(std::string_view bytes, size_t offset) {
  if (offset >= bytes.size()) return std::nullopt;
  const std::string_view rest = bytes.substr(offset);
  const size_t length = rest.find('\0');
  if (length == rest.npos) return std::nullopt;
  return std::string(rest.substr(0, length));
}

}  // namespace

std::map<std::string, std::string> read_loader_cache(std::string_view bytes) {
  std::map<std::string, std::string> paths;
  // In front of it there may be a cache of an older kind.
  const size_t start = bytes.find(kMagic);
  Header header;
  if (start == bytes.npos || !read_at(bytes, start, header)) return paths;
  bytes.remove_prefix(start);
  for (uint32_t i = 0; i < header.entries; ++i) {
    Entry entry;
    if (!read_at(bytes, sizeof header + size_t{i} * sizeof entry, entry)) return paths;
    const auto name = text_at(bytes, entry.name), path = text_at(bytes, entry.path);
    // Of several, the one for any processor.
    if (entry.flags != kOurs || !name || !path) continue;
    if (entry.capabilities == 0)
      paths[*name] = *path;
    else
      paths.emplace(*name, *path);
  }
  return paths;
}

}  // namespace seqshim
