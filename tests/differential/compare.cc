#include "tests/differential/compare.h"

#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <sstream>
#include <string_view>
#include <vector>

#include "tests/differential/ops.h"

namespace differential {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string without_mtime(std::string line) {
  for (size_t at; (at = line.find(" mtime=")) != std::string::npos;) {
    line.erase(at, line.find(' ', at + 1) - at);
  }
  return line;
}

bool same_line(const std::string& plain, const std::string& shim) {
  if (plain == shim) return true;
  return plain.find("mtime=now") != std::string::npos &&
         without_mtime(plain) == without_mtime(shim);
}

std::string operation_of(const Script& script, const std::string& line) {
  const size_t digit = line.find_first_of("0123456789");
  if (digit == std::string::npos) return "";
  const size_t index = std::strtoul(line.c_str() + digit, nullptr, 10);
  return index < script.size() ? "  operation: " + print_step(script[index], true) + "\n" : "";
}

std::string log_difference(const Script& script, const std::string& plain,
                           const std::string& shim) {
  if (plain == shim) return "";
  const std::vector<std::string> left = lines_of(plain), right = lines_of(shim);
  for (size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const std::string one = i < left.size() ? left[i] : "(nothing)";
    const std::string two = i < right.size() ? right[i] : "(nothing)";
    if (same_line(one, two)) continue;
    return "log line " + std::to_string(i + 1) + " differs\n" +
           operation_of(script, i < left.size() ? one : two) + "  plain: " + one +
           "\n  shim:  " + two + "\n";
  }
  return "";
}

std::string outcome_difference(const Outcome& plain, const Outcome& shim) {
  if (plain.status == shim.status && plain.timed_out == shim.timed_out) return "";
  std::ostringstream text;
  text << "end differs: plain " << std::hex << plain.status << (plain.timed_out ? " (timeout)" : "")
       << ", shim " << shim.status << (shim.timed_out ? " (timeout)" : "") << "\n";
  return text.str();
}

std::string content_difference(const Entry& plain, const Entry& shim) {
  const auto [one, two] = std::mismatch(plain.content.begin(), plain.content.end(),
                                        shim.content.begin(), shim.content.end());
  if (one == plain.content.end() && two == shim.content.end()) return "";
  size_t wrong = 0;
  const size_t common = std::min(plain.content.size(), shim.content.size());
  for (size_t i = 0; i < common; ++i) wrong += plain.content[i] != shim.content[i];
  return ", first wrong byte " + std::to_string(one - plain.content.begin()) + ", " +
         std::to_string(wrong) + " wrong in all";
}

std::string entry_text(const Entry& entry) {
  std::ostringstream text;
  text << "mode " << std::oct << entry.mode << std::dec << " links " << entry.links << " size "
       << entry.size << " mtime " << entry.mtime;
  return text.str();
}

std::string tree_difference(const Outcome& plain, const Outcome& shim) {
  std::string text;
  for (const auto& [path, entry] : plain.tree) {
    const auto found = shim.tree.find(path);
    if (found == shim.tree.end()) {
      text += path + ": missing after the shim's run\n";
    } else if (!(entry == found->second)) {
      text += path + ": plain " + entry_text(entry) + "; shim " + entry_text(found->second) +
              content_difference(entry, found->second) + "\n";
    }
  }
  for (const auto& [path, entry] : shim.tree) {
    if (plain.tree.count(path) == 0) text += path + ": only after the shim's run\n";
  }
  return text;
}

}  // namespace

bool crashed(const Script& script, const Outcome& plain) {
  for (const Step& step : script) {
    if (std::strcmp(step.op->name, "die") == 0) return false;
  }
  const int signal = WIFSIGNALED(plain.status) ? WTERMSIG(plain.status) : 0;
  return plain.timed_out || signal == SIGSEGV || signal == SIGFPE ||
         (signal == SIGABRT && plain.log.find("aborts") == std::string::npos) ||
         plain.log.find(" child b\n") != std::string::npos;
}

std::string difference(const Script& script, const Outcome& plain, const Outcome& shim) {
  return log_difference(script, plain.log, shim.log) + outcome_difference(plain, shim) +
         tree_difference(plain, shim);
}

}  // namespace differential
