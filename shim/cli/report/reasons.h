// Why a file was left to the kernel, in a sentence.
#pragma once

#include <string_view>

namespace seqshim {

/// Of a reason as name_of(HandBack) has it: what happened, and what can be done if anything can.
/// Empty: it is of a newer version.
std::string_view explain(std::string_view reason);

}  // namespace seqshim
