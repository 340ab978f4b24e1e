// Text of unknown origin in an HTML page.
#pragma once

#include <string>
#include <string_view>

namespace seqshim {

/// Safe between tags and within quoted attributes. What can't be seen, or changes how the rest is
/// seen, is written out: control bytes and bytes that aren't UTF-8 as \x1b, characters that turn
/// the direction of writing or have no width as \u{202e}.
std::string escaped(std::string_view text);

}  // namespace seqshim
