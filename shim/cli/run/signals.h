// Signals that are blocked, as a parent holds them.
#pragma once

namespace seqshim {

void set_default(int signal);

/// Lets a signal through that is pending, and only that.
void deliver(int signal);

/// Lets all signals through but those that are pending: they have come for a program that is gone.
void take_signals_again();

/// Ends this process as the signal does by default, without a core dump. The first process of a
/// namespace can't end so: it is told the exit code that stands for it.
int die_by(int signal);

}  // namespace seqshim
