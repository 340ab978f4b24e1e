#include "shim/cli/target/first_line.h"

#include <vector>

namespace seqshim {
namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) + 1 - first);
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> words;
  while (!(text = trimmed(text)).empty()) {
    const std::string_view word = text.substr(0, text.find_first_of(kBlanks));
    words.push_back(word);
    text.remove_prefix(word.size());
  }
  return words;
}

/// Reads env's words one by one: options, then variables, then the program.
class EnvWords {
 public:
  std::optional<EnvCommand> read(const std::vector<std::string_view>& words) {
    size_t i = 0;
    while (i < words.size() && words[i].size() > 1 && words[i][0] == '-') {
      const std::string_view word = words[i++];
      if (word == "--") break;
      if (!option(word, i < words.size() ? words[i] : std::string_view(), i)) return std::nullopt;
    }
    if (i < words.size() && words[i] == "-") {
      command_.keeps_preload = false;
      ++i;
    }
    for (; i < words.size() && words[i].find('=') != words[i].npos; ++i) {
      const std::string_view name = words[i].substr(0, words[i].find('='));
      if (name == "PATH") return std::nullopt;
      if (name == "LD_PRELOAD") command_.keeps_preload = false;
    }
    if (i >= words.size()) return std::nullopt;
    command_.program = words[i];
    return command_;
  }

 private:
  // False: not known. `next` is the word after it, which counts as read if `position` goes on.
  bool option(std::string_view word, std::string_view next, size_t& position) {
    if (word == "-i" || word == "--ignore-environment") {
      command_.keeps_preload = false;
    } else if (word == "-u" || word == "--unset") {
      unset(next);
      ++position;
    } else if (word.starts_with("-u")) {
      unset(word.substr(2));
    } else if (word.starts_with("--unset=")) {
      unset(word.substr(word.find('=') + 1));
    } else {
      return word == "-v" || word == "--debug";
    }
    return true;
  }
  void unset(std::string_view name) {
    if (name == "LD_PRELOAD") command_.keeps_preload = false;
  }

  EnvCommand command_;
};

}  // namespace

std::optional<FirstLine> first_line_in(std::string_view start) {
  if (!start.starts_with("#!")) return std::nullopt;
  const std::string_view line =
      trimmed(start.substr(2, start.find_first_of(std::string_view("\n\0", 2), 2) - 2));
  if (line.empty()) return std::nullopt;
  const std::string_view program = line.substr(0, line.find_first_of(kBlanks));
  return FirstLine{std::string(program), std::string(trimmed(line.substr(program.size())))};
}

std::optional<EnvCommand> env_command(std::string_view argument) {
  // Only -S splits its word, and only at the front of a line of ours.
  for (const std::string_view option : {"-S", "-vS", "--split-string="}) {
    if (!argument.starts_with(option)) continue;
    argument.remove_prefix(option.size());
    if (argument.find_first_of("\\\"'$#") != argument.npos) return std::nullopt;
    return EnvWords().read(split(argument));
  }
  if (argument.empty()) return std::nullopt;
  return EnvWords().read({argument});
}

std::optional<EnvCommand> env_command(const std::vector<std::string_view>& words) {
  return EnvWords().read(words);
}

}  // namespace seqshim
