#include "shim/config/pattern.h"

#include <fcntl.h>
#include <linux/limits.h>

#include <algorithm>
#include <cstring>

#include "shim/config/text.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

struct Pattern {
  std::string_view glob;
  bool exclude = false;
  bool has_slash = false;
};

// Takes the next pattern that isn't empty off the front of `rest`.
bool next_pattern(std::string_view& rest, Pattern& pattern) {
  while (!rest.empty()) {
    size_t end = 0;
    bool slash = false;
    for (; end < rest.size() && rest[end] != ':'; ++end) {
      if (rest[end] == '\\' && end + 1 < rest.size()) ++end;
      slash |= rest[end] == '/';
    }
    std::string_view glob(rest.data(), end);
    rest.remove_prefix(end < rest.size() ? end + 1 : end);
    pattern.exclude = !glob.empty() && glob[0] == '!';
    if (pattern.exclude) glob.remove_prefix(1);
    if (glob.starts_with("./")) {
      glob.remove_prefix(2);
      while (!glob.empty() && glob[0] == '/') glob.remove_prefix(1);
      slash = glob.find('/') != glob.npos;
    }
    if (glob.empty()) continue;
    pattern.glob = glob;
    pattern.has_slash = slash;
    return true;
  }
  return false;
}

// One step of a pattern: how many of its bytes it takes, and whether `byte` passes.
struct Step {
  size_t length;
  bool passes;
  bool unclosed = false;  // a bracket that is none of a set
};

// The byte at `at`, a backslash taken off; moves `at` behind it.
char unquoted(std::string_view glob, size_t& at) {
  if (glob[at] == '\\' && at + 1 < glob.size()) ++at;
  return glob[at++];
}

// The set that begins at glob[at] == '['. A set that is never closed is a plain bracket.
Step match_set(std::string_view glob, size_t at, char byte) {
  const size_t start = at++;
  const auto value = static_cast<unsigned char>(byte);
  bool negated = false;
  if (at < glob.size() && (glob[at] == '!' || glob[at] == '^')) {
    negated = true;
    ++at;
  }
  bool found = false;
  for (bool first = true; at < glob.size(); first = false) {
    if (glob[at] == ']' && !first) return {at + 1 - start, found != negated};
    const auto low = static_cast<unsigned char>(unquoted(glob, at));
    auto high = low;
    if (at + 1 < glob.size() && glob[at] == '-' && glob[at + 1] != ']') {
      ++at;
      high = static_cast<unsigned char>(unquoted(glob, at));
    }
    found |= low <= value && value <= high;
  }
  return {1, byte == '[', true};
}

// `plain_from`: where brackets are known to be plain.
Step match_one(std::string_view glob, size_t at, char byte, size_t plain_from) {
  switch (glob[at]) {
    case '?':
      return {1, true};
    case '[':
      if (at >= plain_from) return {1, byte == '['};
      return match_set(glob, at, byte);
    case '\\':
      if (at + 1 < glob.size()) return {2, glob[at + 1] == byte};
      return {1, byte == '\\'};
    default:
      return {1, glob[at] == byte};
  }
}

// Moves `position` behind the next slash at or after it.
bool skip_past_slash(std::string_view text, size_t& position) {
  position = text.find('/', position);
  if (position == text.npos) return false;
  ++position;
  return true;
}

std::string_view last_component(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash != path.npos) path.remove_prefix(slash + 1);
  return path;
}

// Two cursors and one place to return to: when a step fails, the last star takes one byte more.
// Earlier stars need no second chance, since whatever they could take, the last one can as well.
// `floating`: as if the glob began with a star and a slash; until the glob's first star, the place
// to return to is then behind the next slash.
bool match_glob(std::string_view glob, std::string_view text, bool floating) {
  constexpr size_t kNone = ~size_t{0};
  const bool everything_below = glob[glob.size() - 1] == '/';
  size_t at = 0, position = 0;         // the cursors
  size_t star = floating ? 0 : kNone;  // where the glob goes on after the last star
  size_t star_position = 0;            // where the text does
  // No closing bracket follows one that is unclosed: looked for once, not at every step.
  size_t plain_from = kNone;
  if (floating && !skip_past_slash(text, position)) return false;
  if (floating) star_position = position;
  while (position < text.size()) {
    if (at < glob.size()) {
      if (glob[at] == '*') {
        star = ++at;
        star_position = position;
        floating = false;
        continue;
      }
      const Step step = match_one(glob, at, text[position], plain_from);
      if (step.unclosed) plain_from = std::min(plain_from, at + 1);
      if (step.passes) {
        at += step.length;
        ++position;
        continue;
      }
    } else if (everything_below) {
      return true;
    }
    if (star == kNone) return false;
    at = star;
    if (floating) {
      if (!skip_past_slash(text, star_position)) return false;
    } else {
      ++star_position;
    }
    position = star_position;
  }
  while (at < glob.size() && glob[at] == '*') ++at;
  return at == glob.size() && !everything_below;
}

// The directory in front of the first wildcard of an absolute glob, of which only the first `end`
// bytes are looked at: backslashes taken off, as a C string. Returns where in the glob its last
// slash is; 0: there is no directory that could have a second name.
size_t literal_directory(std::string_view glob, size_t end, char (&directory)[PATH_MAX]) {
  if (glob[0] != '/') return 0;
  size_t length = 0, slash_in_directory = 0, slash_in_glob = 0;
  for (size_t at = 0; at < end && length + 1 < sizeof directory;) {
    if (std::strchr("*?[", glob[at]) != nullptr) break;  // or a zero byte
    size_t behind = at;
    directory[length] = unquoted(glob, behind);
    if (behind > end) break;
    if (directory[length] == '/') {
      slash_in_directory = length;
      slash_in_glob = behind - 1;
    }
    ++length;
    at = behind;
  }
  directory[slash_in_directory] = '\0';
  return slash_in_directory == 0 ? 0 : slash_in_glob;
}

// What the kernel calls `directory`: empty if it can't say.
std::string_view kernel_name(const char* directory, char (&name)[PATH_MAX]) {
  const long fd =
      sys::call_with(__NR_openat, AT_FDCWD, directory, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
  if (fd < 0) return {};
  char link[32];
  TextBuilder builder(link, sizeof link);
  builder.append("/proc/self/fd/").number(static_cast<uint64_t>(fd)).append('\0');
  const long length = sys::call_with(__NR_readlinkat, AT_FDCWD, link, name, sizeof name);
  sys::call_with(__NR_close, fd);
  if (length <= 0 || static_cast<size_t>(length) >= sizeof name || name[0] != '/') return {};
  return {name, static_cast<size_t>(length)};
}

// The kernel's name for the directory of an absolute glob, and in `behind` the glob from its slash
// on. A directory that is yet to be made counts by the nearest one above it that exists. Empty: no
// directory, or the glob already has that name.
std::string_view resolved_directory(std::string_view glob, char (&name)[PATH_MAX],
                                    std::string_view& behind) {
  static constinit char directory[PATH_MAX];  // as in resolve_directories()
  size_t slash = glob.size();
  while ((slash = literal_directory(glob, slash, directory)) != 0) {
    const std::string_view resolved = kernel_name(directory, name);
    if (resolved.empty()) continue;
    behind = glob;
    behind.remove_prefix(slash);
    return resolved == directory ? std::string_view() : resolved;
  }
  return {};
}

void append_quoted(TextBuilder& builder, std::string_view name) {
  for (const char byte : name) {
    if (std::strchr("*?[\\:!", byte) != nullptr) builder.append('\\');
    builder.append(byte);
  }
}

void append_pattern(TextBuilder& builder, const Pattern& pattern) {
  if (builder.length() > 0) builder.append(':');
  if (pattern.exclude) {
    builder.append('!');
  } else if (pattern.glob[0] == '!') {
    // Behind a "./" that next_pattern() took off.
    builder.append('\\');
  }
  builder.append(pattern.glob);
}

}  // namespace

bool PatternList::matches(std::string_view absolute_path) const {
  const std::string_view file_name = last_component(absolute_path);
  bool managed = false;
  std::string_view rest = text_;
  for (Pattern pattern; next_pattern(rest, pattern);) {
    // Only one that would turn the decision needs a look.
    if (pattern.exclude != managed) continue;
    const char first = pattern.glob[0];
    const bool floating = pattern.has_slash && first != '/' && first != '*';
    if (match_glob(pattern.glob, pattern.has_slash ? absolute_path : file_name, floating)) {
      managed = !pattern.exclude;
    }
  }
  return managed;
}

void PatternList::resolve_directories() {
  if (resolved_) return;
  resolved_ = true;
  // A list in which the second spelling, with the same sign, follows the first.
  TextBuilder both;
  bool found_any = false;
  std::string_view rest = text_;
  for (Pattern pattern; next_pattern(rest, pattern);) {
    append_pattern(both, pattern);
    // Not on the stack, which may be a thread's of 16 KiB; the caller holds a lock.
    static constinit char name[PATH_MAX];
    std::string_view behind;
    std::string_view resolved = resolved_directory(pattern.glob, name, behind);
    if (resolved.empty()) continue;
    if (resolved == "/") resolved = {};
    found_any = true;
    both.append(pattern.exclude ? ":!" : ":");
    append_quoted(both, resolved);
    both.append(behind);
  }
  if (found_any && !both.truncated()) text_ = both.release();
}

}  // namespace seqshim
