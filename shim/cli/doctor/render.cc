#include "shim/cli/doctor/render.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>

#include "shim/config/version.h"

namespace seqshim {
namespace {

constexpr size_t kWidth = 100;
constexpr size_t kMarkWidth = 9;
constexpr size_t kSubjectWidth = 15;
constexpr size_t kIndent = kMarkWidth + kSubjectWidth;
constexpr std::string_view kArrow = "-> ";

struct MarkLook {
  std::string_view name, colour;
};

MarkLook look_of(Mark mark) {
  switch (mark) {
    case Mark::kOk:
      return {"ok", "\033[32m"};
    case Mark::kNote:
      return {"note", "\033[33m"};
    case Mark::kProblem:
      break;
  }
  return {"problem", "\033[31m"};
}

// A name may have any bytes in it.
std::string printable(std::string text) {
  for (char& byte : text) {
    if (static_cast<unsigned char>(byte) < ' ' || byte == 0x7f) byte = '?';
  }
  return text;
}

/// What the terminal makes of UTF-8, but for wide and combining characters.
size_t columns(std::string_view text) {
  size_t count = 0;
  for (const char byte : text) count += (static_cast<unsigned char>(byte) & 0xc0) != 0x80 ? 1 : 0;
  return count;
}

/// The words of `text` in lines that end before kWidth, where a word allows it. The first begins at
/// column `at`, the others, indented, at kIndent plus `hang`.
std::string wrapped(std::string_view text, size_t at, size_t hang) {
  std::string lines;
  size_t column = at;
  bool first_in_line = true;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!first_in_line && column + 1 + columns(word) > kWidth) {
      lines += '\n';
      lines.append(kIndent + hang, ' ');
      column = kIndent + hang;
    } else if (!first_in_line) {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += columns(word);
    first_in_line = false;
  }
  return lines;
}

std::string line_of(const Finding& finding, bool coloured) {
  const MarkLook look = look_of(finding.mark);
  const std::string_view colour = coloured ? look.colour : std::string_view();
  const std::string_view end = coloured ? std::string_view("\033[0m") : std::string_view();
  std::string text = finding.fact;
  if (!finding.meaning.empty()) text += (text.empty() ? "" : ": ") + finding.meaning;
  std::string lines = fmt::format("{}{}{}{}{:<{}}{}\n", colour, look.name, end,
                                  std::string(kMarkWidth - look.name.size(), ' '), finding.subject,
                                  kSubjectWidth, wrapped(printable(text), kIndent, 0));
  if (finding.advice.empty()) return lines;
  return lines +
         fmt::format("{}{}{}\n", std::string(kIndent, ' '), kArrow,
                     wrapped(printable(finding.advice), kIndent + kArrow.size(), kArrow.size()));
}

}  // namespace

std::string text_of(const Diagnosis& diagnosis, bool coloured) {
  std::string text;
  for (const Finding& finding : diagnosis.findings) text += line_of(finding, coloured);
  return text + fmt::format("\n{}\n", printable(diagnosis.verdict));
}

std::string json_of(const Diagnosis& diagnosis) {
  using Json = nlohmann::ordered_json;
  Json findings = Json::array();
  for (const Finding& finding : diagnosis.findings) {
    findings.push_back({{"mark", look_of(finding.mark).name},
                        {"subject", finding.subject},
                        {"fact", finding.fact},
                        {"meaning", finding.meaning},
                        {"advice", finding.advice}});
  }
  Json all = {{"seqshim", kVersion}, {"subject", diagnosis.subject}, {"findings", findings}};
  if (diagnosis.piece > 0) {
    all["rung"] = diagnosis.way;
    all["alignment"] = diagnosis.unit;
    all["piece"] = diagnosis.piece;
  }
  all["verdict"] = diagnosis.verdict;
  all["exit_code"] = diagnosis.exit_code;
  // A name need not be UTF-8.
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace seqshim
