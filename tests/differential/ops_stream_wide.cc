// Wide characters through streams: libc's second table of stream functions.
#include <clocale>
#include <cstdio>
#include <cwchar>
#include <string>

#include "tests/differential/actor.h"
#include "tests/differential/op_functions.h"
#include "tests/differential/stream.h"

namespace differential {
namespace {

/// What one byte can't hold needs a locale that can, before the stream's first wide call.
void use_utf8() {
  static const char* const kLocale = setlocale(LC_CTYPE, "C.UTF-8");
  (void)kLocale;
}

/// Characters of one, two, three and four bytes.
std::wstring wide_text(int64_t size) {
  static constexpr wchar_t kSome[] = {L'a', L'b', L'\n', 0xe9, 0x20ac, 0x1f600};
  std::wstring text;
  for (int64_t i = 0; i < size; ++i) text += kSome[(i * 5 + i / 7 + size) % 6];
  return text;
}

long put_each(FILE* file, const std::wstring& text) {
  long done = 0;
  for (const wchar_t one : text) done += fputwc(one, file) != WEOF;
  return done;
}

long get_each(FILE* file, wchar_t* to, int64_t size) {
  long done = 0;
  for (wint_t one; done < size && (one = fgetwc(file)) != WEOF; ++done) {
    to[done] = static_cast<wchar_t>(one);
  }
  return done;
}

}  // namespace

void op_wide_write(Actor& a, const Args& x) {
  use_utf8();
  FILE* file = wide_stream(a, x[0]);
  if (file == nullptr) return;
  const std::wstring text = wide_text(x[1]);
  call_stream(a, file, [&]() -> long {
    if (x[2] == 0) return put_each(file, text);
    if (x[2] == 1) return fwprintf(file, L"%ls %d\n", text.c_str(), 7);
    return fputws(text.c_str(), file);
  });
}

void op_wide_read(Actor& a, const Args& x) {
  use_utf8();
  FILE* file = wide_stream(a, x[0]);
  if (file == nullptr) return;
  wchar_t* to = reinterpret_cast<wchar_t*>(a.scratch());
  if (x[2] == 0) {
    to[0] = L'\0';
    const int room = static_cast<int>(x[1]) + 1;
    read_stream(
        a, file, [&] { return fgetws(to, room, file) == nullptr ? -1L : long(std::wcslen(to)); },
        sizeof(wchar_t));
    return;
  }
  const long got = read_stream(
      a, file, [&] { return get_each(file, to, x[1]); }, sizeof(wchar_t));
  // Another character than the last would make libc keep a second area, which a seek forgets.
  if (x[2] == 1 && got > 0) {
    call_stream(a, file, [&] { return int(ungetwc(static_cast<wint_t>(to[got - 1]), file)); });
  }
}

void op_wide(Actor& a, const Args& x) {
  use_utf8();
  FILE* file = any_stream(a, x[0]);
  if (file != nullptr) a.call([&] { return fwide(file, static_cast<int>(x[1]) - 1); });
}

}  // namespace differential
