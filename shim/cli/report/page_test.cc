#include "shim/cli/report/page.h"

#include <gtest/gtest.h>

#include <set>

namespace seqshim {
namespace {

Tree tree(const std::string& path, const std::string& program = "tar") {
  ReportedFile file{
      .path = path, .times = 1, .rung = "direct", .hand_back = "mapped", .counters = {}};
  file.counters.bytes_written = 3 << 20;
  file.counters.bytes_direct = 3 << 20;
  file.counters.writes.count[14] = 300;
  file.counters.direct_writes.count[21] = 3;
  file.counters.hand_backs[static_cast<size_t>(HandBack::kMapped)] = 1;
  ProcessReport process;
  process.program = program;
  process.pid = 42;
  process.totals = file.counters;
  process.files_closed = 1;
  process.files = {file};
  process.wall_ns = 30'000'000;
  process.timeline = {.start_ms = 1795866130500,
                      .bucket_ms = 10,
                      .written = {1 << 20, 2 << 20, 0},
                      .landed = {0, 1 << 20, 2 << 20},
                      .wait_ns = {0, 5'000'000, 0}};
  return tree_of({.path = "x.json", .processes = {process}});
}

size_t count(const std::string& text, const std::string& part) {
  size_t times = 0;
  for (size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++times;
  return times;
}

/// Elements are closed in the order in which they were opened; ids are there once.
void expect_well_formed(const std::string& page) {
  std::vector<std::string> open;
  std::set<std::string> ids;
  for (size_t at = page.find('<'); at != page.npos; at = page.find('<', at + 1)) {
    const size_t end = page.find('>', at);
    ASSERT_NE(end, page.npos);
    const std::string tag = page.substr(at + 1, end - at - 1);
    if (tag[0] == '!' || tag.starts_with("meta") || tag == "wbr" || tag.ends_with("/")) continue;
    if (const size_t id = tag.find(" id=\""); id != tag.npos) {
      EXPECT_TRUE(ids.insert(tag.substr(id + 5, tag.find('"', id + 5) - id - 5)).second) << tag;
    }
    const std::string name = tag.substr(0, tag.find(' '));
    if (name[0] != '/') {
      open.push_back(name);
      continue;
    }
    ASSERT_FALSE(open.empty()) << tag;
    ASSERT_EQ("/" + open.back(), name) << page.substr(at - std::min<size_t>(at, 200), 240);
    open.pop_back();
  }
  EXPECT_TRUE(open.empty());
}

TEST(PageTest, IsWellFormed) {
  expect_well_formed(report_page(tree("/a.tar")));
  expect_well_formed(comparison_page(tree("/a.tar"), tree("/b.tar", "zip")));
}

TEST(PageTest, EveryRowHasACellForEachColumn) {
  const std::string page = report_page(tree("/a.tar")) + comparison_page(tree("/a"), tree("/b"));
  for (size_t at = page.find("<table"); at != page.npos; at = page.find("<table", at + 1)) {
    const std::string table = page.substr(at, page.find("</table>", at) - at);
    const size_t columns = count(table, "\"columnheader\""), rows = count(table, "\"rowheader\"");
    EXPECT_GT(columns, 1u);
    EXPECT_EQ(count(table, "\"cell\""), rows * (columns - 1)) << table;
  }
}

TEST(PageTest, LoadsAndRunsNothing) {
  const std::string page = comparison_page(tree("/a.tar"), tree("/a.tar"));
  for (const char* const part : {"<script", "src=", "href=", "url(", "@import",
                                 "http:", "https:", "onclick", "<iframe", "<link", "<img"})
    EXPECT_EQ(page.find(part), page.npos) << part;
  EXPECT_NE(page.find("default-src 'none'"), page.npos);
}

TEST(PageTest, FiguresHaveTextAlternatives) {
  const std::string page = report_page(tree("/a.tar"));
  EXPECT_EQ(count(page, "<figure"), 4u);
  EXPECT_EQ(count(page, "role=\"img\" aria-labelledby="), 3u);
  EXPECT_EQ(count(page, "<desc"), 3u);
  EXPECT_EQ(count(page, "role=\"img\" aria-label="), 1u);
  EXPECT_NE(page.find("At most 200 MiB/s landed"), page.npos) << page;
}

TEST(PageTest, NamesAreText) {
  const std::string page = report_page(tree("/<script>alert('\"')</script>&\x1b\n", "<b>"));
  expect_well_formed(page);
  EXPECT_EQ(page.find("<script>"), page.npos);
  EXPECT_NE(page.find("/&lt;script&gt;alert(&#39;&quot;&#39;)&lt;/script&gt;&amp;\\x1b\\x0a"),
            page.npos);
  EXPECT_NE(page.find("<title>seqshim report: &lt;b&gt;</title>"), page.npos);
}

TEST(PageTest, WhatAnOlderVersionDidNotMeasureIsNotInvented) {
  ProcessReport process;
  process.program = "old";
  process.totals.bytes_passed = 5;
  const std::string page = report_page(tree_of({.path = "old.json", .processes = {process}}));
  expect_well_formed(page);
  EXPECT_EQ(count(page, "an older version wrote it"), 2u);
  EXPECT_EQ(count(page, "<svg"), 0u);
}

TEST(PageTest, WhereNothingWasWrittenThereAreNoFigures) {
  ProcessReport process;
  process.program = "cat";
  process.files_read = 1;
  process.bytes_read = 1 << 20;
  const std::string page = report_page(tree_of({.path = "x.json", .processes = {process}}));
  expect_well_formed(page);
  EXPECT_EQ(count(page, "<figure"), 0u);
  EXPECT_NE(page.find("1.00 MiB read from 1 file."), page.npos);
}

TEST(PageTest, ReasonsAreExplained) {
  EXPECT_NE(report_page(tree("/a")).find("It is, or was, mapped into memory."), std::string::npos);
}

TEST(PageTest, ThousandsOfFilesAreNotAllListed) {
  Tree many = tree("/a");
  for (int i = 0; i < 2000; ++i) {
    many.files.push_back(many.files[0]);
    many.files.back().path += std::to_string(i);
  }
  const std::string page = report_page(many);
  expect_well_formed(page);
  EXPECT_NE(page.find("And 1,501 files more."), page.npos);
}

TEST(PageTest, TwoReportsShareTheirScales) {
  Tree slow = tree("/a"), fast = tree("/a");
  fast.timeline.landed[2] *= 8;
  const std::string page = comparison_page(slow, fast);
  // The labels of the axis, and nothing else, stand before the first tick of the time.
  const auto labels = [&page](const std::string& id) {
    const size_t at = page.find("<g class=\"y\">", page.find("id=\"" + id + "\""));
    return page.substr(at, page.find("</g>", at) - at);
  };
  EXPECT_EQ(labels("a-rate"), labels("b-rate"));
  EXPECT_NE(labels("a-rate"), labels("a-waits"));
}

}  // namespace
}  // namespace seqshim
