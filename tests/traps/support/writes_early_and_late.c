/* A library that writes before and after whoever is loaded behind it. */
#include "trap.h"

static int early = -1;

__attribute__((constructor)) static void begin(void) {
  early = create("early");
  put_bytes(early, 'a', 12345);
}

__attribute__((destructor)) static void end(void) {
  put_bytes(early, 'b', 12345);
  const int late = create("late");
  put_bytes(late, 'c', 12345);
  close(late);
}
