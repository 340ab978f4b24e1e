// A program that restricts its own system calls may be killed by one that it didn't make.
#include "shim/interpose/entry.h"

using namespace seqshim;

SEQSHIM_EXPORT int prctl(int option, ...) noexcept {
  va_list arguments;
  va_start(arguments, option);
  unsigned long words[4];
  for (unsigned long& word : words) word = va_arg(arguments, unsigned long);
  va_end(arguments);
  if (option == PR_SET_SECCOMP) retire(HandBack::kSandbox);
  return libc().prctl(option, words[0], words[1], words[2], words[3]);
}
