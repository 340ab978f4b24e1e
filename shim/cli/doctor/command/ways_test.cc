#include "shim/cli/doctor/command/ways.h"

#include <gtest/gtest.h>

namespace seqshim {
namespace {

TEST(WaysTest, FunctionsAreToldApart) {
  EXPECT_EQ(way_of("write"), Way::kCall);
  EXPECT_EQ(way_of("pwritev64v2"), Way::kCall);
  EXPECT_EQ(way_of("fwrite"), Way::kStream);
  EXPECT_EQ(way_of("__fprintf_chk"), Way::kStream);
  EXPECT_EQ(way_of("copy_file_range"), Way::kCopy);
  EXPECT_EQ(way_of("splice"), Way::kSplice);
  EXPECT_EQ(way_of("aio_write64"), Way::kAsync);
  EXPECT_EQ(way_of("io_uring_queue_init"), Way::kRing);
  EXPECT_EQ(way_of("msync"), Way::kMapping);
  EXPECT_EQ(way_of("flock"), Way::kLock);
  EXPECT_EQ(way_of("pthread_create"), Way::kThread);
  EXPECT_EQ(way_of("execvp"), Way::kProgram);
  EXPECT_EQ(way_of("dlopen"), Way::kPlugin);
  EXPECT_EQ(way_of("syscall"), Way::kRaw);
  for (const char* const other : {"read", "malloc", "writer", "fwrit", "", "snprintf", "sprintf"})
    EXPECT_EQ(way_of(other), Way::kNone) << other;
}

TEST(WaysTest, SoAreThoseOfCxx) {
  EXPECT_EQ(way_of("_ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateESt14default_deleteIS1_"
                   "EEPFvvE"),
            Way::kThread);
  EXPECT_EQ(way_of("_ZNSt14basic_ofstreamIcSt11char_traitsIcEEC1EPKcSt13_Ios_Openmode"),
            Way::kStream);
  EXPECT_EQ(way_of("_ZNSo5writeEPKcl"), Way::kStream);
  EXPECT_EQ(way_of("_ZNSt14basic_ifstreamIcSt11char_traitsIcEEC1EPKcSt13_Ios_Openmode"),
            Way::kNone);
  EXPECT_EQ(way_of("_Znwm"), Way::kNone);
}

TEST(WaysTest, AllCallsThatWriteAreInterposed) {
  for (const char* const name : {"write",           "__write",        "pwrite",    "pwrite64",
                                 "__pwrite64",      "writev",         "pwritev",   "pwritev64",
                                 "pwritev2",        "pwritev64v2",    "dprintf",   "vdprintf",
                                 "__dprintf_chk",   "__vdprintf_chk", "sendfile",  "sendfile64",
                                 "copy_file_range", "splice",         "aio_write", "aio_write64",
                                 "lio_listio",      "lio_listio64",   "io_submit", "msync",
                                 "syscall",         "flock",          "lockf"}) {
    EXPECT_TRUE(is_interposed(name)) << name;
    EXPECT_NE(way_of(name), Way::kNone) << name;
  }
  for (const char* const name : {"io_uring_queue_init", "fwrite", "vmsplice", ""})
    EXPECT_FALSE(is_interposed(name)) << name;
}

}  // namespace
}  // namespace seqshim
