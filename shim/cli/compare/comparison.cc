#include "shim/cli/compare/comparison.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "shim/config/text.h"

namespace seqshim {
namespace {

bool is_plain(char byte) {
  return std::isalnum(static_cast<unsigned char>(byte)) != 0 ||
         std::string_view("-_./=:,+%@").find(byte) != std::string_view::npos;
}

std::string quoted(const std::string& word) {
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return word;
  std::string text = "'";
  for (const char byte : word) {
    if (byte == '\'') {
      text += "'\\''";
    } else {
      text += byte;
    }
  }
  return text + "'";
}

}  // namespace

std::string command_text(const Words& command) {
  std::string text;
  for (const std::string& word : command) {
    if (!text.empty()) text += ' ';
    text += quoted(word);
  }
  TextBuilder shown;
  shown.printable(text);
  return std::string(shown.text());
}

}  // namespace seqshim
