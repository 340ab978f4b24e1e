#include "shim/cli/doctor/render.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace seqshim {
namespace {

Diagnosis sample() {
  Diagnosis diagnosis;
  diagnosis.subject = "/tmp";
  diagnosis.findings = {ok("one", "a fact", "a meaning"), note("two", "another", "", "do this"),
                        problem("three", "bad\nname")};
  diagnosis.verdict = "That is so.";
  diagnosis.exit_code = 1;
  return diagnosis;
}

TEST(RenderTest, EachFindingHasItsLineAndTheVerdictComesLast) {
  EXPECT_EQ(text_of(sample(), false),
            "ok       one            a fact: a meaning\n"
            "note     two            another\n"
            "                        -> do this\n"
            "problem  three          bad?name\n"
            "\n"
            "That is so.\n");
}

TEST(RenderTest, OnATerminalTheMarksAreColoured) {
  const std::string text = text_of(sample(), true);
  EXPECT_EQ(text.find("\033[32mok\033[0m       one  "), 0u) << text;
  EXPECT_NE(text.find("\033[31mproblem\033[0m  three"), text.npos) << text;
}

TEST(RenderTest, LongTextIsWrappedBelowItself) {
  Diagnosis diagnosis;
  std::string words;
  for (int i = 0; i < 60; ++i) words += "word ";
  diagnosis.findings = {note("long", words, "", words)};
  std::istringstream lines(text_of(diagnosis, false));
  std::string line;
  int count = 0;
  while (std::getline(lines, line)) {
    EXPECT_LE(line.size(), 100u) << line;
    if (count > 0 && line.starts_with(' ')) {
      EXPECT_EQ(line.substr(0, 24), std::string(24, ' '));
    }
    ++count;
  }
  EXPECT_GE(count, 10);
}

TEST(RenderTest, AWordThatIsTooLongStandsAlone) {
  Diagnosis diagnosis;
  diagnosis.findings = {ok("long", std::string(200, 'x') + " end")};
  EXPECT_NE(text_of(diagnosis, false).find("x\n                        end\n"), std::string::npos);
}

TEST(RenderTest, JsonHasAllOfIt) {
  Diagnosis diagnosis = sample();
  diagnosis.way = "direct";
  diagnosis.unit = 4096;
  diagnosis.piece = 1 << 20;
  const auto json = nlohmann::json::parse(json_of(diagnosis));
  EXPECT_EQ(json["subject"], "/tmp");
  EXPECT_EQ(json["findings"].size(), 3u);
  EXPECT_EQ(json["findings"][1]["mark"], "note");
  EXPECT_EQ(json["findings"][1]["advice"], "do this");
  EXPECT_EQ(json["rung"], "direct");
  EXPECT_EQ(json["alignment"], 4096);
  EXPECT_EQ(json["exit_code"], 1);
}

TEST(RenderTest, JsonStaysJsonWhateverBytesANameHas) {
  Diagnosis diagnosis = sample();
  diagnosis.subject = "/tmp/\xff\xfe\"\n";
  EXPECT_TRUE(nlohmann::json::accept(json_of(diagnosis)));
}

}  // namespace
}  // namespace seqshim
