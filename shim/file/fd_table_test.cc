#include "shim/file/fd_table.h"

#include <gtest/gtest.h>

#include <memory>

#include "shim/file/open_file.h"
#include "shim/file/read_file.h"

namespace seqshim {
namespace {

/// Zeroed as in the shim's state, and only touched pages exist.
std::unique_ptr<FdTable> new_table() { return std::make_unique<FdTable>(); }

TEST(FdEntry, ZeroIsUnknownAndDoesNotPass) {
  const FdEntry entry;
  EXPECT_EQ(entry, FdEntry::unknown());
  EXPECT_TRUE(entry.is_unknown());
  EXPECT_FALSE(entry.passes());
  EXPECT_FALSE(entry.is_hidden());
  EXPECT_EQ(entry.file(), nullptr);
}

TEST(FdEntry, ForeignAndOtherFilesPass) {
  EXPECT_TRUE(FdEntry::foreign().passes());
  EXPECT_TRUE(FdEntry::other_file().passes());
  EXPECT_FALSE(FdEntry::foreign().is_other_file());
  EXPECT_TRUE(FdEntry::other_file().is_other_file());
  EXPECT_EQ(FdEntry::other_file().file(), nullptr);
}

TEST(FdEntry, HiddenNeitherPassesNorIsAFile) {
  EXPECT_TRUE(FdEntry::hidden().is_hidden());
  EXPECT_FALSE(FdEntry::hidden().passes());
  EXPECT_EQ(FdEntry::hidden().file(), nullptr);
}

TEST(FdEntry, ManagedIsItsFile) {
  OpenFile file;
  const FdEntry entry = FdEntry::managed(&file);
  EXPECT_EQ(entry.file(), &file);
  EXPECT_FALSE(entry.passes());
  EXPECT_FALSE(entry.is_unknown());
  EXPECT_FALSE(entry.is_hidden());
  EXPECT_FALSE(entry.is_other_file());
}

TEST(FdEntry, OnTrialIsWhatItWasMadeOf) {
  const Trial all{.own = true, .bytes = Trial::kMostBytes, .file_tag = 0xabcdef};
  const FdEntry entry = FdEntry::on_trial(all);
  EXPECT_TRUE(entry.is_on_trial());
  EXPECT_TRUE(entry.trial().own);
  EXPECT_EQ(entry.trial().bytes, Trial::kMostBytes);
  EXPECT_EQ(entry.trial().file_tag, 0xabcdefU);
  EXPECT_FALSE(FdEntry::on_trial({}).trial().own);
  EXPECT_TRUE(FdEntry::on_trial({}).is_on_trial());
  for (const FdEntry one : {entry, FdEntry::on_trial({})}) {
    EXPECT_FALSE(one.passes());
    EXPECT_FALSE(one.is_unknown());
    EXPECT_FALSE(one.is_hidden());
    EXPECT_FALSE(one.is_other_file());
    EXPECT_EQ(one.file(), nullptr);
  }
}

TEST(FdEntry, NothingElseIsOnTrial) {
  OpenFile file;
  for (const FdEntry entry : {FdEntry::unknown(), FdEntry::foreign(), FdEntry::other_file(),
                              FdEntry::hidden(), FdEntry::managed(&file)})
    EXPECT_FALSE(entry.is_on_trial());
}

TEST(FdTable, ReplacesWhatIsStillThere) {
  const auto table = new_table();
  EXPECT_TRUE(table->replace(9, FdEntry::unknown(), FdEntry::foreign()));
  EXPECT_FALSE(table->replace(9, FdEntry::unknown(), FdEntry::hidden()));
  EXPECT_EQ((*table)[9], FdEntry::foreign());
  EXPECT_EQ(table->highest(), 9);
  EXPECT_FALSE(table->replace(-1, FdEntry::unknown(), FdEntry::hidden()));
}

TEST(FdEntry, FollowedIsAnotherFileThatDoesNotPass) {
  ReadFile file{};
  const FdEntry entry = FdEntry::followed(&file);
  EXPECT_EQ(entry.read_file(), &file);
  EXPECT_EQ(entry.file(), nullptr);
  EXPECT_TRUE(entry.is_other_file());
  EXPECT_TRUE(entry.has_record());
  EXPECT_FALSE(entry.passes());
  EXPECT_FALSE(entry.is_unknown());
  EXPECT_FALSE(entry.is_hidden());
}

TEST(FdEntry, OthersHaveNothingToFollow) {
  OpenFile file;
  for (const FdEntry entry : {FdEntry::unknown(), FdEntry::foreign(), FdEntry::other_file(),
                              FdEntry::hidden(), FdEntry::managed(&file)})
    EXPECT_EQ(entry.read_file(), nullptr);
  for (const FdEntry entry :
       {FdEntry::unknown(), FdEntry::foreign(), FdEntry::other_file(), FdEntry::hidden()})
    EXPECT_FALSE(entry.has_record());
  EXPECT_TRUE(FdEntry::managed(&file).has_record());
}

TEST(FdTable, EverythingIsUnknownAtFirst) {
  const auto table = new_table();
  EXPECT_TRUE((*table)[0].is_unknown());
  EXPECT_TRUE((*table)[kDescriptorLimit - 1].is_unknown());
}

TEST(FdTable, KeepsWhatIsSet) {
  const auto table = new_table();
  table->set(7, FdEntry::foreign());
  table->set(kDescriptorLimit - 1, FdEntry::hidden());
  EXPECT_EQ((*table)[7], FdEntry::foreign());
  EXPECT_EQ((*table)[kDescriptorLimit - 1], FdEntry::hidden());
  EXPECT_TRUE((*table)[8].is_unknown());
  table->set(7, FdEntry::unknown());
  EXPECT_TRUE((*table)[7].is_unknown());
}

TEST(FdTable, NumbersOutsidePassAndAreNeverSet) {
  const auto table = new_table();
  table->set(-1, FdEntry::hidden());
  table->set(kDescriptorLimit, FdEntry::hidden());
  EXPECT_TRUE((*table)[-1].passes());
  EXPECT_TRUE((*table)[kDescriptorLimit].passes());
  EXPECT_TRUE((*table)[1 << 30].passes());
  EXPECT_EQ(table->highest(), 0);
}

TEST(FdTable, ReachesWhatItHasMemoryFor) {
  const auto table = new_table();
  EXPECT_TRUE(table->reaches(0));
  EXPECT_TRUE(table->reaches(FdTable::kNear));
  EXPECT_TRUE(table->reaches(kDescriptorLimit - 1));
  EXPECT_FALSE(table->reaches(kDescriptorLimit));
  EXPECT_FALSE(table->reaches(-1));
}

TEST(FdTable, KeepsNeighboursOfABoundApart) {
  const auto table = new_table();
  table->set(FdTable::kNear - 1, FdEntry::foreign());
  table->set(FdTable::kNear, FdEntry::other_file());
  table->set(2 * FdTable::kNear, FdEntry::hidden());
  EXPECT_EQ((*table)[FdTable::kNear - 1], FdEntry::foreign());
  EXPECT_EQ((*table)[FdTable::kNear], FdEntry::other_file());
  EXPECT_TRUE((*table)[FdTable::kNear + 1].is_unknown());
  EXPECT_EQ((*table)[2 * FdTable::kNear], FdEntry::hidden());
}

TEST(FdTable, KnowsItsHighest) {
  const auto table = new_table();
  table->set(5, FdEntry::foreign());
  EXPECT_EQ(table->highest(), 5);
  table->set(3, FdEntry::foreign());
  EXPECT_EQ(table->highest(), 5);
  table->set(700, FdEntry::foreign());
  EXPECT_GE(table->highest(), 700);
}

}  // namespace
}  // namespace seqshim
