#include "shim/profile/call_path.h"

#include <unwind.h>

#include "shim/system/own_object.h"

namespace seqshim::profiling {
namespace {

_Unwind_Reason_Code on_frame(_Unwind_Context* context, void* argument) {
  CallPath& path = *static_cast<CallPath*>(argument);
  int before_instruction = 0;
  const uintptr_t address = _Unwind_GetIPInfo(context, &before_instruction);
  if (address == 0) return _URC_END_OF_STACK;
  if (own_object().holds(address)) return _URC_NO_REASON;
  if (path.depth == kMaxFrames) {
    path.cut = true;
    return _URC_END_OF_STACK;
  }
  // Where a call returns to may be another function's first instruction; not so after a signal.
  path.frames[path.depth++] = before_instruction != 0 ? address : address - 1;
  return _URC_NO_REASON;
}

}  // namespace

// GCC's unwinder, linked in: libunwind opens a pipe for itself, which would move the numbers of the
// program's own descriptors.
void walk(CallPath& path) { _Unwind_Backtrace(on_frame, &path); }

}  // namespace seqshim::profiling
