/* A malloc that never frees, and whose first call reads and writes files. */
#include "trap.h"

static char heap[64 << 20] __attribute__((aligned(16)));
static size_t used;
static int begun;

static void begin(void) {
  char text[64];
  if (begun) return;
  begun = 1;
  const int in = open("/proc/sys/vm/overcommit_memory", O_RDONLY | O_CLOEXEC);
  if (in >= 0 && read(in, text, sizeof text) < 0) _exit(41);
  if (in >= 0) close(in);
  const int out = open("from-malloc", O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (write(out, "from malloc\n", 12) != 12) _exit(42);
  close(out);
}

void* malloc(size_t bytes) {
  begin();
  const size_t start = __atomic_fetch_add(&used, (bytes + 31) & ~(size_t)15, __ATOMIC_RELAXED);
  if (start + bytes + 16 > sizeof heap) return NULL;
  *(size_t*)(void*)(heap + start) = bytes;
  return heap + start + 16;
}

void free(void* unused) { (void)unused; }

void* calloc(size_t count, size_t bytes) { return malloc(count * bytes); }

void* realloc(void* old, size_t bytes) {
  void* const fresh = malloc(bytes);
  if (old != NULL && fresh != NULL) {
    const size_t had = ((size_t*)old)[-2];
    memcpy(fresh, old, had < bytes ? had : bytes);
  }
  return fresh;
}

void* memalign(size_t alignment, size_t bytes) {
  const uintptr_t raw_room = (uintptr_t)malloc(bytes + alignment + 16);
  const uintptr_t place = (raw_room + 16 + alignment - 1) / alignment * alignment;
  ((size_t*)place)[-2] = bytes;
  return (void*)place;
}
void* aligned_alloc(size_t alignment, size_t bytes) { return memalign(alignment, bytes); }
int posix_memalign(void** result, size_t alignment, size_t bytes) {
  *result = memalign(alignment, bytes);
  return 0;
}
