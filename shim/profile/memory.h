// The memory that `seqshim profile` has given this process, and the state that goes with it.
#pragma once

#include <cstdint>
#include <string_view>

#include "shim/profile/state.h"

namespace seqshim::profiling {

/// Finds the memory that the environment names; false: there is none. At start-up, while the
/// program has one thread.
bool find_memory(int count, char** words, char** environment);

/// This process's state, a fresh one in a forked child. Null: nothing is to be noted.
State* current_state();
/// The same, but null in a child that has noted nothing yet.
State* known_state();

/// Whether a file of that name is to be watched.
bool is_watched(std::string_view path);

/// Gives the state its slot, if there is one to be had. The state is held.
bool attach(State& state);

/// Nothing is noted from now on, nor in this process's children.
void stop_noting();

/// What stdio writes can't be seen here.
void note_blind_streams();

/// Backs memory of the slot, so that no write to it can fail. False: there is none.
bool populate(void* memory, size_t bytes);

/// CLOCK_MONOTONIC, a few nanoseconds' work, or what the thread has computed, which takes a system
/// call.
uint64_t now_ns();
uint64_t thread_ns();

}  // namespace seqshim::profiling
