// The places where stdio's file streams reach the kernel. They read, write, seek, close and ask for
// the status inside libc, where no symbol can be interposed, but through tables of functions (one
// for byte streams, one for wide ones, one for streams to processes) whose entries libc also
// exports one by one: an entry that holds such a function is its slot, whatever its index.
#pragma once

#include <stdio.h>
#include <sys/types.h>

namespace seqshim {

/// The five, as libc's tables have them.
struct StreamCalls {
  ssize_t (*read)(FILE*, void* target, ssize_t bytes);
  ssize_t (*write)(FILE*, const void* source, ssize_t bytes);
  off64_t (*seek)(FILE*, off64_t offset, int whence);
  int (*close)(FILE*);
  int (*stat)(FILE*, void* facts);
};

/// libc's own.
extern constinit StreamCalls libc_stream_calls;
/// The same of a stream to a process (popen), which alone closes in another way.
extern constinit StreamCalls libc_process_stream_calls;

/// Puts `ours` in the place of libc's own in both tables, after a scratch stream has shown that it
/// calls whatever is put there. False: something didn't match, and nothing has changed. At start-up
/// only: it needs the dynamic linker. With `libc_stream_calls` as `ours` nothing changes in any
/// case: it is found out whether it could.
bool hook_stdio_slots(const StreamCalls& ours);

/// The same for the table of streams to processes, which has no name: it is that of `stream`, which
/// popen has just returned. No two threads at a time; it is done once.
bool hook_process_stream_slots(const FILE* stream, const StreamCalls& ours);

}  // namespace seqshim
