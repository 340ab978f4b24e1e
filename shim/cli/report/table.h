// Tables of a page: with heads, right-aligned numbers, and legible on a narrow screen, where each
// row becomes a block.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace seqshim {

/// A path gives way to the numbers beside it: it can be broken anywhere.
enum class Align : unsigned char { kText, kPath, kNumber };

struct TableColumn {
  std::string_view title;
  Align align = Align::kNumber;
};

/// Its first column is what a row is about. Cells are HTML; `caption` and titles are text.
class Table {
 public:
  Table(std::string_view caption, std::vector<TableColumn> columns);

  /// As many as there are columns.
  void add(const std::vector<std::string>& cells);
  std::string html() const;

 private:
  std::vector<TableColumn> columns_;
  std::string head_, rows_;
};

}  // namespace seqshim
