// Sharing extents: refused by most file systems, each in its own way.
#include <linux/fs.h>
#include <sys/ioctl.h>

#include <cstring>

#include "tests/differential/actor.h"
#include "tests/differential/op_functions.h"

namespace differential {

void op_clone(Actor& a, const Args& x) {
  a.call([&] { return ioctl(a.fd(x[1]), FICLONE, a.fd(x[0])); });
}

void op_clone_range(Actor& a, const Args& x) {
  file_clone_range range = {};
  range.src_fd = a.fd(x[0]);
  range.src_offset = static_cast<uint64_t>(x[3]);
  range.src_length = static_cast<uint64_t>(x[2]);
  range.dest_offset = static_cast<uint64_t>(x[4]);
  a.call([&] { return ioctl(a.fd(x[1]), FICLONERANGE, &range); });
}

void op_dedupe_range(Actor& a, const Args& x) {
  alignas(file_dedupe_range) char
      memory[sizeof(file_dedupe_range) + sizeof(file_dedupe_range_info)] = {};
  auto* range = reinterpret_cast<file_dedupe_range*>(memory);
  range->src_offset = static_cast<uint64_t>(x[3]);
  range->src_length = static_cast<uint64_t>(x[2]);
  range->dest_count = 1;
  range->info[0].dest_fd = a.fd(x[1]);
  range->info[0].dest_offset = static_cast<uint64_t>(x[4]);
  a.call([&] { return ioctl(a.fd(x[0]), FIDEDUPERANGE, range); });
  a.log(" status %d bytes %ld", range->info[0].status,
        static_cast<long>(range->info[0].bytes_deduped));
}

}  // namespace differential
