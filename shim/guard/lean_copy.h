// A copy of this process that needs hardly any of its memory, as the guard is: to copy the page
// tables of all of it, and every page that is written to meanwhile, may take a hundred times longer
// than the rest of a fork, and leaves the program without its huge pages.
#pragma once

namespace seqshim {

/// While one lives, a fork leaves out the large private mappings, by MADV_DONTFORK: all but the
/// shim's own, the stack, and the one that holds `kept`. Nothing happens if there is little to
/// leave out, /proc can't be read, or the program
///  - has used that advice itself: which of its mappings have it can't be told;
///  - has threads: one could fork meanwhile, or move a mapping, which takes the advice with it.
/// One at a time; signals blocked.
class LeanCopy {
 public:
  explicit LeanCopy(const void* kept);
  ~LeanCopy();
  LeanCopy(const LeanCopy&) = delete;
  LeanCopy& operator=(const LeanCopy&) = delete;
};

/// The program gives such advice.
void note_advice(int advice);

}  // namespace seqshim
