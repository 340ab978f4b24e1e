#include "seqshim/streaming_copy.h"

#include <algorithm>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace seqshim {

void copy_streaming(void* target, const void* source, size_t bytes) {
#if defined(__SSE2__)
  constexpr size_t kLine = 64;
  auto* to = static_cast<std::byte*>(target);
  const auto* from = static_cast<const std::byte*>(source);
  const size_t head = std::min(bytes, -reinterpret_cast<uintptr_t>(to) & (kLine - 1));
  std::memcpy(to, from, head);
  to += head;
  from += head;
  bytes -= head;
  for (; bytes >= kLine; bytes -= kLine, to += kLine, from += kLine) {
    const auto* const in = reinterpret_cast<const __m128i*>(from);
    auto* const out = reinterpret_cast<__m128i*>(to);
    const __m128i a = _mm_loadu_si128(in), b = _mm_loadu_si128(in + 1), c = _mm_loadu_si128(in + 2),
                  d = _mm_loadu_si128(in + 3);
    _mm_stream_si128(out, a);
    _mm_stream_si128(out + 1, b);
    _mm_stream_si128(out + 2, c);
    _mm_stream_si128(out + 3, d);
  }
  std::memcpy(to, from, bytes);
  // Whoever is told of the bytes next finds them.
  _mm_sfence();
#else
  std::memcpy(target, source, bytes);
#endif
}

}  // namespace seqshim
