#include "shim/cli/report/escape.h"

#include <fmt/format.h>

#include <cstdint>

#include "shim/config/text.h"

namespace seqshim {
namespace {

/// Of a valid UTF-8 sequence.
uint32_t code_point(std::string_view sequence) {
  const auto first = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) return first;
  uint32_t value = first & (0x7fu >> sequence.size());
  for (const char byte : sequence.substr(1))
    value = value << 6 | (static_cast<unsigned char>(byte) & 0x3fu);
  return value;
}

bool is_control(uint32_t code) { return code < 0x20 || (code >= 0x7f && code < 0xa0); }

/// Unicode's marks of direction, joiners, line and paragraph separators, and what HTML forbids.
bool is_invisible(uint32_t code) {
  return code == 0xad || code == 0x61c || (code >= 0x200b && code <= 0x200f) ||
         (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) ||
         code == 0xfeff || (code & 0xfffe) == 0xfffe || (code >= 0xfdd0 && code <= 0xfdef);
}

std::string_view entity(char byte) {
  switch (byte) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string html;
  while (!text.empty()) {
    const size_t length = utf8_length(text);
    const std::string_view sequence = text.substr(0, length == 0 ? 1 : length);
    const uint32_t code = length == 0 ? static_cast<unsigned char>(text[0]) : code_point(sequence);
    if (const std::string_view known = entity(text[0]); !known.empty())
      html += known;
    else if (length == 0 || is_control(code))
      html += fmt::format("\\x{:02x}", code);
    else if (is_invisible(code))
      html += fmt::format("\\u{{{:04x}}}", code);
    else
      html += sequence;
    text.remove_prefix(sequence.size());
  }
  return html;
}

}  // namespace seqshim
