#include "shim/cli/report/report.h"

#include <fmt/format.h>

#include "shim/cli/command_line.h"
#include "shim/cli/complain.h"
#include "shim/cli/print.h"
#include "shim/cli/report/page.h"
#include "shim/cli/report/replace_file.h"
#include "shim/cli/report/report_file.h"
#include "shim/cli/report/text.h"
#include "shim/cli/report/tree.h"

namespace seqshim {
namespace {

const Manual kManual = {
    "seqshim report", "[--html OUT.html] [--] FILE.json [FILE2.json]",
    "Shows a report that `seqshim --report=FILE.json` has saved: every process with its files,\n"
    "and the sum of all. Of two reports it shows side by side what they differ in.",
    "Without --html the report is printed as text. The page is one file that needs no network and\n"
    "no script; it is replaced once it is complete.\n"
    "\n"
    "    seqshim -m '*.tar' --report=night.json -- tar cf home.tar /home\n"
    "    seqshim report night.json\n"
    "    seqshim report --html night.html night.json\n"
    "\n"
    "Exit code: 0; 2: wrong usage; 125: a report can't be read, or the output not be written."};

int show(const std::vector<Tree>& trees, const std::optional<std::string>& html) {
  const bool one = trees.size() == 1;
  if (!html) return print(one ? report_text(trees[0]) : comparison_text(trees[0], trees[1]));
  const std::string page = one ? report_page(trees[0]) : comparison_page(trees[0], trees[1]);
  if (*html == "-") return print(page);
  return replace_file(*html, page) ? 0 : kOwnFailure;
}

}  // namespace

int report(const Words& words) {
  std::optional<std::string> html;
  Words files;
  CommandLine line(kManual);
  line.add_value("--html", html, "OUT.html",
                 "Write a page instead of printing text; - is standard output");
  line.add_positionals("FILE", files, "One report, or two to compare");
  if (const auto exit_code = line.parse(words)) return *exit_code;
  if (files.empty() || files.size() > 2) {
    complain(
        fmt::format("give one report, or two, not {}; see seqshim report --help", files.size()));
    return kWrongUsage;
  }
  std::vector<Tree> trees;
  try {
    for (const std::string& file : files) trees.push_back(tree_of(read_report(file)));
  } catch (const ReportError& error) {
    complain(error.what());
    return kOwnFailure;
  }
  return show(trees, html);
}

}  // namespace seqshim
