/* A program with much memory keeps all of it, its children get a copy of all but what it has left
 * out itself, however often a second process is made of it behind its back. */
#include "trap.h"

enum { LARGE = 24 << 20, PAGE = 4096, ROUNDS = 4 };

static unsigned char* take(size_t bytes) {
  unsigned char* const memory =
      mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  must(memory != MAP_FAILED);
  for (size_t at = 0; at < bytes; at += PAGE) memory[at] = (unsigned char)(at / PAGE);
  return memory;
}

static int is_whole(const unsigned char* memory, size_t bytes) {
  for (size_t at = 0; at < bytes; at += PAGE)
    if (memory[at] != (unsigned char)(at / PAGE)) return 0;
  return 1;
}

static int is_mapped(unsigned char* memory) {
  unsigned char resident;
  return mincore(memory, PAGE, &resident) == 0;
}

/* What the next child finds. */
static void look(unsigned char* all, unsigned char* heap, unsigned char* left_out) {
  const pid_t pid = fork();
  if (pid == 0) {
    say("child: %d %d, left out: %d\n", is_whole(all, LARGE), is_whole(heap, LARGE),
        left_out == NULL || is_mapped(left_out));
    _exit(0);
  }
  wait_for(pid);
}

static void write_something(int number) {
  char name[] = "file-0";
  name[5] = (char)('0' + number);
  const int fd = create(name);
  put_records(fd, 'm', 50);
  must(close(fd) == 0);
}

int main(void) {
  unsigned char* const all = take(LARGE);
  unsigned char* const heap = malloc(LARGE);
  for (size_t at = 0; at < LARGE; at += PAGE) heap[at] = (unsigned char)(at / PAGE);
  /* Each child starts afresh; so does whatever accompanies it. */
  for (int i = 0; i < ROUNDS; ++i) {
    const pid_t pid = fork();
    if (pid == 0) {
      write_something(i);
      look(all, heap, NULL);
      say("itself: %d %d\n", is_whole(all, LARGE), is_whole(heap, LARGE));
      unsigned char* const left_out = take(LARGE);
      must(i % 2 == 0 ? madvise(left_out, LARGE, MADV_DONTFORK) == 0
                      : syscall(SYS_madvise, left_out, LARGE, MADV_DONTFORK) == 0);
      look(all, heap, left_out);
      const pid_t inner = fork();
      if (inner == 0) {
        write_something(i + ROUNDS);
        look(all, heap, NULL);
        _exit(0);
      }
      wait_for(inner);
      _exit(0);
    }
    wait_for(pid);
  }
  unsigned char* const left_out = take(LARGE);
  must(madvise(left_out, LARGE, MADV_DONTFORK) == 0);
  write_something(2 * ROUNDS);
  look(all, heap, left_out);
  say("itself: %d %d %d\n", is_whole(all, LARGE), is_whole(heap, LARGE), is_whole(left_out, LARGE));
  return 0;
}
