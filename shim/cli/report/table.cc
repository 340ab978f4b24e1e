#include "shim/cli/report/table.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "shim/cli/report/escape.h"

namespace seqshim {
namespace {

std::string_view class_of(const TableColumn& column) {
  switch (column.align) {
    case Align::kNumber:
      return " class=\"n\"";
    case Align::kPath:
      return " class=\"p\"";
    case Align::kText:
      break;
  }
  return {};
}

/// Where there is no room, a number may be broken between its groups of digits.
std::string breakable(const std::string& number) {
  std::string html;
  for (const char byte : number) {
    html += byte;
    if (byte == ',') html += "<wbr>";
  }
  return html;
}

}  // namespace

// The roles say what the elements are in any case, which browsers forget of a table that isn't
// displayed as one.

Table::Table(std::string_view caption, std::vector<TableColumn> columns)
    : columns_(std::move(columns)) {
  constexpr size_t kFitAnywhere = 4;
  head_ = fmt::format(
      "<table role=\"table\"{}><caption>{}</caption>\n"
      "<thead role=\"rowgroup\"><tr role=\"row\">",
      columns_.size() > kFitAnywhere ? " class=\"wide\"" : "", escaped(caption));
  for (const TableColumn& column : columns_)
    head_ += fmt::format("<th role=\"columnheader\" scope=\"col\"{}>{}</th>", class_of(column),
                         escaped(column.title));
  head_ += "</tr></thead>\n<tbody role=\"rowgroup\">\n";
}

void Table::add(const std::vector<std::string>& cells) {
  const auto out = std::back_inserter(rows_);
  fmt::format_to(out, "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\"{}>{}</th>",
                 class_of(columns_[0]), cells[0]);
  for (size_t i = 1; i < cells.size(); ++i)
    fmt::format_to(out, "<td role=\"cell\"{} data-title=\"{}\">{}</td>", class_of(columns_[i]),
                   escaped(columns_[i].title),
                   columns_[i].align == Align::kNumber ? breakable(cells[i]) : cells[i]);
  rows_ += "</tr>\n";
}

std::string Table::html() const { return head_ + rows_ + "</tbody></table>\n"; }

}  // namespace seqshim
