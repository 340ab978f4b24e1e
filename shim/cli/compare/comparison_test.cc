#include "shim/cli/compare/comparison.h"

#include <gtest/gtest.h>

#include "shim/cli/compare/plot.h"
#include "shim/cli/compare/result_file.h"

namespace seqshim {
namespace {

TEST(CommandTextTest, IsWhatAShellWouldTake) {
  EXPECT_EQ(command_text({"dd", "of=/a/b", ""}), "dd of=/a/b ''");
  EXPECT_EQ(command_text({"sh", "-c", "it's > f\n"}), "sh -c 'it'\\''s > f?'");
}

Comparison comparison() {
  Comparison found{.command = {"it's", "\xff"},
                   .rounds = 1,
                   .warmup = 0,
                   .shim = {{"SEQSHIM_MATCH", "*"}},
                   .runs = {},
                   .report = {},
                   .notes = {"a note"},
                   .verdict = "no gain: " + std::string(150, 'x') + " yyy"};
  for (const Way way : {Way::kSeqshim, Way::kPlain}) {
    found.runs.push_back({.round = 1,
                          .way = way,
                          .exit_code = 0,
                          .seconds = 1,
                          .sync_seconds = way == Way::kPlain ? 1.0 : 0.0,
                          .user = 0,
                          .system = 0,
                          .sync_system = 0,
                          .left = std::nullopt,
                          .cached_growth = 0,
                          .written = std::nullopt});
  }
  return found;
}

TEST(ResultFileTest, BytesThatAreNoTextDoNotStopIt) {
  const std::string json = json_of(comparison());
  EXPECT_NE(json.find("\"it's\""), json.npos) << json;
  EXPECT_NE(json.find("\"ratio\": 0.5"), json.npos) << json;
  EXPECT_NE(json.find("\"output_left_bytes\": null"), json.npos) << json;
}

TEST(PlotTest, QuotesWhatItIsGiven) {
  const std::string script = plot_script(comparison(), "it's.svg");
  EXPECT_NE(script.find("set output 'it''s.svg'"), script.npos) << script;
  EXPECT_NE(script.find("'''it''\\''''s'' ''?'''"), script.npos) << script;
}

TEST(PlotTest, NothingToDrawIsNoError) {
  Comparison nothing = comparison();
  nothing.runs.clear();
  EXPECT_NE(plot_script(nothing, "x.png").find("plot NaN"), std::string::npos);
}

}  // namespace
}  // namespace seqshim
