#include "shim/cli/compare/check.h"

#include <fmt/format.h>

#include <algorithm>

namespace seqshim {
namespace {

/// Of those that are in both.
std::vector<std::string> differences(const Check::Contents& one, const Check::Contents& other) {
  std::vector<std::string> paths;
  for (const auto& [path, content] : one) {
    const auto found = other.find(path);
    if (found != other.end() && found->second != content) paths.push_back(path);
  }
  return paths;
}

/// Both are sorted.
bool includes(const std::vector<std::string>& all, const std::vector<std::string>& some) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

std::string named(const std::vector<std::string>& paths) {
  if (paths.size() == 1) return paths.front();
  return fmt::format("{} and {} more", paths.front(), paths.size() - 1);
}

}  // namespace

bool Check::wants(Way way) const {
  if (way == Way::kSeqshim) return !shimmed_;
  if (!plain_) return true;
  return shimmed_ && !plain_again_ && !differing().empty();
}

void Check::note(Way way, Contents contents) {
  std::optional<Contents>& place = way == Way::kSeqshim ? shimmed_ : plain_ ? plain_again_ : plain_;
  place = std::move(contents);
}

std::vector<std::string> Check::differing() const { return differences(*plain_, *shimmed_); }

std::vector<std::string> Check::notes() const {
  std::vector<std::string> found;
  if (!plain_ || !shimmed_) return found;
  const std::vector<std::string> paths = differing();
  if (!paths.empty()) {
    const bool always = plain_again_ && includes(differences(*plain_, *plain_again_), paths);
    found.push_back(fmt::format(
        "what the plain and the shimmed run wrote differs in {}; {}", named(paths),
        always ? "so does what two plain runs write"
        : plain_again_
            ? "what two plain runs write doesn't"
            : "that may be a date (gzip), or two plain runs differ as well: not looked at"));
  }
  size_t gone = 0;
  for (const auto& [path, content] : *shimmed_) gone += plain_->count(path) == 0 ? 1 : 0;
  if (gone > 0)
    found.push_back(
        fmt::format("{} files of the shimmed run are not there after a plain one", gone));
  return found;
}

}  // namespace seqshim
