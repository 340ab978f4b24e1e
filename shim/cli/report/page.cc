#include "shim/cli/report/page.h"

#include <fmt/format.h>

#include "shim/cli/report/escape.h"
#include "shim/cli/report/figures.h"
#include "shim/cli/report/format.h"
#include "shim/cli/report/measures.h"
#include "shim/cli/report/sections.h"
#include "shim/cli/report/style.h"
#include "shim/config/version.h"

namespace seqshim {
namespace {

struct Head {
  std::string title;    // text
  std::string heading;  // HTML
  std::string below;    // HTML: paragraphs
};

std::string page(const Head& head, std::string_view body) {
  // Should a name ever get past escaped(), nothing in it is loaded or run.
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n"
      "<header>\n<p class=\"eyebrow\">seqshim report</p>\n<h1>{}</h1>\n{}</header>\n"
      "<main>\n{}</main>\n<footer>Made by seqshim {}.</footer>\n</body>\n</html>\n",
      escaped(head.title), kStyle, head.heading, head.below, body, kVersion);
}

std::string list_of_programs(const Tree& tree) {
  constexpr size_t kMost = 5;
  std::string list;
  for (size_t i = 0; i < tree.programs.size() && i < kMost; ++i)
    list += (i == 0 ? "" : ", ") + tree.programs[i];
  if (tree.programs.size() > kMost)
    list += fmt::format(" and {} more", tree.programs.size() - kMost);
  return list;
}

std::string meta(const Tree& tree) {
  std::string text =
      fmt::format("<p class=\"meta\"><bdi class=\"path\">{}</bdi>", escaped(tree.path));
  if (tree.timeline.start_ms > 0)
    text += fmt::format(" &middot; {}", calendar_time(tree.timeline.start_ms));
  text += fmt::format(" &middot; {}", counted(tree.processes.size(), "process"));
  if (const auto& config = tree.processes[0].config)
    text +=
        fmt::format(" &middot; clusters of {}, depth {}, memory {}{}", long_size(config->cluster),
                    config->depth, long_size(config->memory), config->append ? ", append" : "");
  return text + "</p>\n";
}

std::string figures_section(std::string_view heading, std::string_view figures) {
  return fmt::format(
      "<section aria-labelledby=\"figures\">\n<h2 id=\"figures\">{}</h2>\n"
      "<div class=\"figures\">\n{}</div>\n</section>\n",
      heading, figures);
}

std::string four_figures(const Tree& tree) {
  if (bytes_of(tree.totals) == 0) return {};
  Scale scale;
  scale.include(tree);
  return figures_section("How it was written",
                         rate_figure(tree, scale, {}) + size_figure(tree, {}) +
                             wait_figure(tree, scale, {}) + share_figure(tree, {}));
}

std::string pairs_of_figures(const Tree& a, const Tree& b) {
  constexpr Side kA{"A: ", "a-"}, kB{"B: ", "b-"};
  Scale scale;
  scale.include(a);
  scale.include(b);
  return figures_section("How they were written",
                         rate_figure(a, scale, kA) + rate_figure(b, scale, kB) +
                             size_figure(a, kA) + size_figure(b, kB) + wait_figure(a, scale, kA) +
                             wait_figure(b, scale, kB) + share_figure(a, kA) + share_figure(b, kB));
}

}  // namespace

std::string report_page(const Tree& tree) {
  const std::string programs = list_of_programs(tree);
  const Head head{
      .title = fmt::format("seqshim report: {}", programs),
      .heading = escaped(programs),
      .below = fmt::format("<p class=\"lead\">{}</p>\n", summary(tree)) + meta(tree) + notes(tree)};
  return page(head, facts(tree) + four_figures(tree) + files_section(tree, "files") +
                        hand_backs_section(tree, "hand-backs") +
                        processes_section(tree, "processes"));
}

std::string comparison_page(const Tree& a, const Tree& b) {
  const std::string of_a = list_of_programs(a), of_b = list_of_programs(b);
  std::string below;
  for (const auto& [letter, tree] : {std::pair{'A', &a}, std::pair{'B', &b}})
    below += fmt::format("<p class=\"lead\"><b>{}</b> {}</p>\n", letter, summary(*tree)) +
             meta(*tree) + notes(*tree);
  const Head head{.title = fmt::format("seqshim report: {} against {}", of_a, of_b),
                  .heading = fmt::format("{} <span class=\"against\">against</span> {}",
                                         escaped(of_a), escaped(of_b)),
                  .below = below};
  return page(head, measures_section(a, b) + pairs_of_figures(a, b) + pairs_section(a, b) +
                        processes_section(a, "processes-a", " of A") +
                        processes_section(b, "processes-b", " of B"));
}

}  // namespace seqshim
