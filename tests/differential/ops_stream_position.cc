// Where streams are in their files. Wide ones aren't moved: libc may look for a character forever.
#include <cstdio>

#include "tests/differential/actor.h"
#include "tests/differential/op_functions.h"
#include "tests/differential/stream.h"

namespace differential {
namespace {

fpos_t g_positions[Actor::kFiles];

}  // namespace

void op_fseek(Actor& a, const Args& x) {
  FILE* file = byte_stream(a, x[0]);
  if (file == nullptr) return;
  const int whence = static_cast<int>(x[2]) % 3;
  call_stream(a, file,
              [&] { return x[3] == 0 ? fseek(file, x[1], whence) : fseeko64(file, x[1], whence); });
  if (x[3] < 2) call_stream(a, file, [&] { return ftell(file); });
}

void op_ftell(Actor& a, const Args& x) {
  FILE* file = any_stream(a, x[0]);
  if (file == nullptr) return;
  call_stream(a, file, [&]() -> long {
    if (x[1] == 0) return ftell(file);
    if (x[1] == 1) return ftello(file);
    return fseeko(file, 0, SEEK_CUR);
  });
}

void op_rewind(Actor& a, const Args& x) {
  FILE* file = byte_stream(a, x[0]);
  if (file == nullptr) return;
  call_stream(a, file, [&] {
    rewind(file);
    return 0;
  });
}

void op_fgetpos(Actor& a, const Args& x) {
  FILE* file = any_stream(a, x[0]);
  if (file == nullptr) return;
  call_stream(a, file, [&] { return fgetpos(file, &g_positions[x[0] % Actor::kFiles]); });
}

void op_fsetpos(Actor& a, const Args& x) {
  FILE* file = byte_stream(a, x[0]);
  if (file == nullptr) return;
  call_stream(a, file, [&] { return fsetpos(file, &g_positions[x[0] % Actor::kFiles]); });
}

}  // namespace differential
