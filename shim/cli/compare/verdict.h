// What a comparison says, in one sentence.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace seqshim {

/// The same of each run of both ways; a plain run was synced.
struct Pair {
  std::vector<double> plain, seqshim;
};

/// What became of a file in the shimmed run.
struct FileEvidence {
  uint64_t bytes;     // that the program wrote to it; where that couldn't be seen, its size
  uint64_t accepted;  // of these into the cache of the shim
  uint64_t passed, calls_passed;  // to the kernel as they were
  std::string rung;               // as name_of(Rung)
  std::string hand_back;          // as name_of(HandBack)
};

struct Evidence {
  Pair seconds;         // until all was on the disk
  Pair system_seconds;  // CPU
  Pair cpu_seconds;     // user and system
  Pair left;            // bytes in the page cache: of the output files, or if only reads are
                        // followed, by which that of the whole machine grew. Perhaps empty
  std::vector<FileEvidence> files;
  uint64_t direct_min = 0;  // bytes: files that end smaller go through the page cache
  uint64_t bytes_read = 0;  // past the page cache
};

/// One sentence without a full stop, what is gained first. It claims no difference that noise could
/// have made: only where every run of the one way came out below every run of the other, and by so
/// much that it matters. Of such a difference in fewer than three rounds it says that they are too
/// few.
std::string verdict(const Evidence& evidence);

}  // namespace seqshim
