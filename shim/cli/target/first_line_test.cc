#include "shim/cli/target/first_line.h"

#include <gtest/gtest.h>

namespace seqshim {
namespace {

void expect_line(std::string_view start, const std::string& program, const std::string& argument) {
  const std::optional<FirstLine> line = first_line_in(start);
  ASSERT_TRUE(line) << start;
  EXPECT_EQ(line->program, program);
  EXPECT_EQ(line->argument, argument);
}

TEST(FirstLineTest, IsAProgramAndOneArgument) {
  expect_line("#!/bin/sh\necho", "/bin/sh", "");
  expect_line("#! \t/bin/sh  -e -u \t\necho", "/bin/sh", "-e -u");
  expect_line("#!/bin/sh", "/bin/sh", "");
  expect_line(std::string_view("#!/bin/sh -x\0y\n", 15), "/bin/sh", "-x");
}

TEST(FirstLineTest, IsNotEveryLine) {
  for (const std::string_view start : {"", "#", "#!", "#!\n", "#!  \n", "# !/bin/sh\n", "echo\n"}) {
    EXPECT_FALSE(first_line_in(start)) << start;
  }
}

void expect_command(std::string_view argument, const std::string& program,
                    bool keeps_preload = true) {
  const std::optional<EnvCommand> command = env_command(argument);
  ASSERT_TRUE(command) << argument;
  EXPECT_EQ(command->program, program) << argument;
  EXPECT_EQ(command->keeps_preload, keeps_preload) << argument;
}

TEST(EnvCommandTest, IsTheArgument) {
  expect_command("python3", "python3");
  // One word: no splitting without -S.
  expect_command("python3 -u", "python3 -u");
}

TEST(EnvCommandTest, IsSplitByTheOption) {
  expect_command("-S python3 -u", "python3");
  expect_command("-Spython3", "python3");
  expect_command("-vS perl -w", "perl");
  expect_command("--split-string=perl -w", "perl");
  expect_command("-S A=1 B=2 perl -w", "perl");
  expect_command("-S -u A --unset=B -- perl", "perl");
}

TEST(EnvCommandTest, MayTakeThePreloadAway) {
  expect_command("-S -i perl", "perl", false);
  expect_command("-S - perl", "perl", false);
  expect_command("-S --ignore-environment A=1 perl", "perl", false);
  expect_command("-S -u LD_PRELOAD perl", "perl", false);
  expect_command("-S -uLD_PRELOAD perl", "perl", false);
  expect_command("-S --unset=LD_PRELOAD perl", "perl", false);
  expect_command("-S LD_PRELOAD=other.so perl", "perl", false);
}

TEST(EnvCommandTest, CannotAlwaysBeTold) {
  for (const std::string_view argument :
       {"", "-S", "-i", "-S -i", "-S A=1", "-S -u", "-S --chdir=/ perl", "-S ${PERL} -w",
        "-S 'a b' c", "-S PATH=/opt perl", "-S -C / perl", "-i perl"}) {
    EXPECT_FALSE(env_command(argument)) << argument;
  }
}

}  // namespace
}  // namespace seqshim
