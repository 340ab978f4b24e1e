/* The C API from C: the header compiles as C99, and its example flushes what was written. */
#include <stdio.h>
#include <string.h>

#include "seqshim/seqcache_c.h"

#define CHECK(condition)                                                      \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      return 1;                                                               \
    }                                                                         \
  } while (0)

int main(void) {
  static uint8_t file[40000], written[40000], read_back[40000];
  int64_t position, offset, bytes;
  uint8_t* buf;
  bool unfinished = true;
  SeqCache* s = seqcache_new(16384);
  size_t i;

  CHECK(s != NULL);
  for (i = 0; i < sizeof written; i++) written[i] = (uint8_t)(i * 7 + i / 256);
  for (position = 0; position < 40000; position += 100)
    CHECK(seqcache_write(s, position, 100, written + position) == 0);
  CHECK(seqcache_nb_clusters(s) == 3);
  CHECK(seqcache_read(s, 0, 40000, read_back) == 40000);
  CHECK(memcmp(read_back, written, sizeof written) == 0);

  while (seqcache_get_next_flush(s, &offset, &bytes, &buf, &unfinished)) {
    memcpy(file + offset, buf, (size_t)bytes);
    seqcache_discard_cluster(s, offset);
    unfinished = true;
  }
  CHECK(memcmp(file, written, sizeof written) == 0);
  CHECK(seqcache_free(s) == 0);
  return 0;
}
