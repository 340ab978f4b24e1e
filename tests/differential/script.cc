#include "tests/differential/script.h"

#include <fcntl.h>

#include <cstdlib>
#include <cstring>
#include <sstream>
#include <stdexcept>

#include "tests/differential/ops.h"
#include "tests/differential/paths.h"

namespace differential {
namespace {

Step parse_line(const std::string& line) {
  std::istringstream words(line);
  std::string word;
  words >> word;
  const Op* op = find_op(word);
  if (op == nullptr) throw std::runtime_error("unknown operation: " + line);
  Step step{op, {}};
  while (words >> word) {
    const size_t equals = word.find('=');
    const std::string value = equals == std::string::npos ? word : word.substr(equals + 1);
    step.args.push_back(std::strtoll(value.c_str(), nullptr, 0));
  }
  if (step.args.size() != arg_names(*op).size()) {
    throw std::runtime_error("wrong number of arguments: " + line);
  }
  return step;
}

std::string flag_names(int64_t flags) {
  static constexpr struct {
    int64_t bit;
    const char* name;
  } kNames[] = {{O_CREAT, "O_CREAT"},       {O_EXCL, "O_EXCL"},         {O_TRUNC, "O_TRUNC"},
                {O_APPEND, "O_APPEND"},     {O_NONBLOCK, "O_NONBLOCK"}, {O_CLOEXEC, "O_CLOEXEC"},
                {O_NOFOLLOW, "O_NOFOLLOW"}, {O_DIRECT, "O_DIRECT"},     {O_PATH, "O_PATH"},
                {O_SYNC, "O_SYNC"},         {O_DSYNC, "O_DSYNC"}};
  static constexpr const char* kAccess[] = {"O_RDONLY", "O_WRONLY", "O_RDWR", "O_3"};
  std::string text = kAccess[flags & O_ACCMODE];
  for (const auto& [bit, name] : kNames) {
    if ((flags & bit) != bit) continue;
    text += std::string("|") + name;
    flags &= ~bit;
  }
  return text;
}

std::string explanation(const Step& step, const std::vector<ArgName>& names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i].name == "path" || names[i].name == "target") {
      text += std::string(" ") + path_name(step.args[i]);
    } else if (names[i].name == "oflags") {
      text += " " + flag_names(step.args[i]);
    }
  }
  return text;
}

}  // namespace

Script parse_script(std::string_view text) {
  Script script;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    line = line.substr(0, line.find('#'));
    if (line.find_first_not_of(" \t") == std::string::npos) continue;
    script.push_back(parse_line(line));
  }
  return script;
}

std::string print_step(const Step& step, bool explain) {
  std::string text = step.op->name;
  const std::vector<ArgName> names = arg_names(*step.op);
  for (size_t i = 0; i < names.size(); ++i) {
    text += " " + std::string(names[i].name) + "=" + std::to_string(step.args[i]);
  }
  if (explain) {
    const std::string more = explanation(step, names);
    if (!more.empty()) text += "  #" + more;
  }
  return text;
}

std::string print_script(const Script& script, bool explain) {
  std::string text;
  for (const Step& step : script) text += print_step(step, explain) + "\n";
  return text;
}

size_t block_end(const Script& script, size_t open) {
  int depth = 1;
  for (size_t i = open + 1; i < script.size(); ++i) {
    if (script[i].op->block) ++depth;
    if (std::strcmp(script[i].op->name, "end") == 0 && --depth == 0) return i;
  }
  return script.size();
}

}  // namespace differential
