#include "shim/cli/run/display.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace seqshim {
namespace {

constexpr std::string_view kClearBelow = "\r\x1b[J";  // and the line itself
constexpr std::string_view kClearRest = "\x1b[K";     // of the line

}  // namespace

bool Display::is_possible(int fd) {
  const char* const kind = getenv("TERM");
  return isatty(fd) == 1 && kind != nullptr && *kind != '\0' && std::string_view(kind) != "dumb";
}

bool Display::is_ready() const {
  const pid_t group = tcgetpgrp(fd_);
  if (group >= 0 && group != getpgrp()) return false;  // somebody else's job
  pollfd room{fd_, POLLOUT, 0};
  return poll(&room, 1, 0) == 1 && room.revents == POLLOUT;
}

Display::Size Display::size() const {
  winsize window{};
  if (ioctl(fd_, TIOCGWINSZ, &window) != 0 || window.ws_col == 0 || window.ws_row == 0) return {};
  return {window.ws_col, window.ws_row};
}

void Display::draw(const std::vector<std::string>& lines) {
  std::string text = "\r";
  for (size_t i = 0; i < lines.size(); ++i)
    text += fmt::format("{}{}{}", i > 0 ? "\r\n" : "", lines[i], kClearRest);
  text += "\x1b[J";
  if (lines.size() > 1)
    text += fmt::format("\x1b[{}A\r\x1b[{}C", lines.size() - 1, lines[0].size());
  put(text);
  drawn_ = true;
}

void Display::erase() {
  if (drawn_) put(std::string(kClearBelow));
  drawn_ = false;
}

void Display::leave(const std::string& line) {
  put(fmt::format("{}{}\r\n", drawn_ ? kClearBelow : "", line));
  drawn_ = false;
}

void Display::put(const std::string& text) {
  // What the terminal doesn't take is not worth waiting for.
  if (write(fd_, text.data(), text.size()) < 0) drawn_ = false;
}

}  // namespace seqshim
