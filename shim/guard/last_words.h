// Without a guard: what can be done in the process itself about a signal that ends it.
//
// For each signal whose default is to end the process, and which has that default, a handler of
// ours is installed that writes out what is held, for good, and then lets the signal do what it
// would have done. The program is told of the default still (see shim/interpose/handlers.cc).
// Against SIGKILL, a fault while the shim holds a lock and an overflow of the stack there is no
// help.
#pragma once

namespace seqshim {

/// Once, from then on; `write_out` must be safe in a signal handler.
void install_last_words(void (*write_out)());

using SignalHandler = void (*)(int);

/// Ours, if it is to stand in for the default of `signal`; else nullptr.
SignalHandler last_words_of(int signal);
bool is_last_words(SignalHandler handler);

}  // namespace seqshim
