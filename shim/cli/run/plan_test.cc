#include "shim/cli/run/plan.h"

#include <gtest/gtest.h>

namespace seqshim {
namespace {

TEST(ShellWord, PlainWordsStayAsTheyAre) {
  EXPECT_EQ(shell_word("tar"), "tar");
  EXPECT_EQ(shell_word("/a/b-c_d.e,f:g@h%i+j"), "/a/b-c_d.e,f:g@h%i+j");
}

TEST(ShellWord, WhatAShellWouldTakeApartIsKeptTogether) {
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("*.tar"), "'*.tar'");
  EXPECT_EQ(shell_word("A=b"), "'A=b'");
  EXPECT_EQ(shell_word("~"), "'~'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word("a\nb\t$c"), "'a\nb\t$c'");
  EXPECT_EQ(shell_word("\xff"), "'\xff'");
}

TEST(Plan, NamesOurVariablesAndTheCommand) {
  const char* const environment[] = {
      "PATH=/bin",       "SEQSHIM_MATCH=*.tar", "LD_PRELOAD=/l.so:/m.so",
      "SEQSHIM_NOTHING", "LD_PRELOAD_NOT=1",    nullptr};
  EXPECT_EQ(plan_of(environment, {"tar", "cf", "a b.tar", ""}),
            "SEQSHIM_MATCH='*.tar'\nLD_PRELOAD=/l.so:/m.so\ntar cf 'a b.tar' ''\n");
}

}  // namespace
}  // namespace seqshim
