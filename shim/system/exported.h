// The names that a preloaded object shows to programs.
#pragma once

#define SEQSHIM_EXPORT extern "C" __attribute__((visibility("default")))
/// A second exported name of a function defined in the same file.
#define SEQSHIM_TWIN(name, of) SEQSHIM_EXPORT decltype(::name) name __attribute__((alias(#of)))
