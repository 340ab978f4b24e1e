// What still runs when the program has said that it ends.
#include <unistd.h>

#include <cstdlib>

#include "tests/differential/actor.h"
#include "tests/differential/op_functions.h"

namespace differential {
namespace {

struct Last {
  Actor* actor;
  int fd;
  int64_t stream;
  size_t size;
};

// One handler of each kind: exit() runs them in a fixed order, and a child inherits them.
Last g_at_exit, g_at_quick_exit;

void write_last(const Last& last) {
  Actor& a = *last.actor;
  a.log("handler");
  const char* data = a.bytes(last.size, 7);
  a.call([&] { return write(last.fd, data, last.size); });
  if (FILE* file = a.file(last.stream); file != nullptr) {
    a.call([&] { return fputs("at exit\n", file); });
  }
  a.end_line();
}

void arm(Last& last, int (*add)(void (*)()), void (*handler)(), const Last& wanted) {
  if (last.actor == nullptr && add(handler) != 0) return;
  last = wanted;
}

}  // namespace

void op_at_exit(Actor& a, const Args& x) {
  const Last last = {&a, a.fd(x[1]), x[0], static_cast<size_t>(x[2])};
  if (x[3] == 0) {
    arm(
        g_at_quick_exit, at_quick_exit, [] { write_last(g_at_quick_exit); }, last);
  } else {
    arm(
        g_at_exit, atexit, [] { write_last(g_at_exit); }, last);
  }
}

}  // namespace differential
