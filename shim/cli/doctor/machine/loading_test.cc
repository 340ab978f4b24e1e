#include "shim/cli/doctor/machine/loading.h"

#include <gtest/gtest.h>

namespace seqshim {
namespace {

TEST(LoadingTest, WhatCanBeLoadedHasNoError) { EXPECT_EQ(error_of_loading("libm.so.6"), ""); }

TEST(LoadingTest, WhatCannotBeIsExplained) {
  EXPECT_NE(error_of_loading("/no/such/library.so").value().find("No such file"),
            std::string::npos);
  EXPECT_NE(error_of_loading("/etc/passwd"), "");
}

TEST(LoadingTest, AnObjectIsKnownByItsFileName) {
  EXPECT_TRUE(is_loaded_here("libc.so.6"));
  EXPECT_FALSE(is_loaded_here("libc.so"));
}

}  // namespace
}  // namespace seqshim
