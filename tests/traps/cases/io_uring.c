/* io_uring by syscall() on a file that is being written, by number and as a registered file. */
#include <linux/io_uring.h>

#include "trap.h"

static int ring;
static char *submissions, *completions;
static struct io_uring_sqe* entries;
static struct io_uring_params facts;

static unsigned* at(char* base, unsigned offset) { return (unsigned*)(void*)(base + offset); }

static int set_up(void) {
  ring = (int)syscall(SYS_io_uring_setup, 4L, &facts);
  if (ring < 0) return 0;
  const int both = PROT_READ | PROT_WRITE;
  submissions = mmap(NULL, facts.sq_off.array + facts.sq_entries * sizeof(unsigned), both,
                     MAP_SHARED, ring, IORING_OFF_SQ_RING);
  completions = mmap(NULL, facts.cq_off.cqes + facts.cq_entries * sizeof(struct io_uring_cqe), both,
                     MAP_SHARED, ring, IORING_OFF_CQ_RING);
  entries = mmap(NULL, facts.sq_entries * sizeof *entries, both, MAP_SHARED, ring, IORING_OFF_SQES);
  return submissions != MAP_FAILED && completions != MAP_FAILED && entries != MAP_FAILED;
}

static void submit(int operation, int fd, void* buffer, unsigned bytes, off_t offset, int flags) {
  unsigned* const tail = at(submissions, facts.sq_off.tail);
  const unsigned place = *tail & *at(submissions, facts.sq_off.ring_mask);
  entries[place] = (struct io_uring_sqe){.opcode = (unsigned char)operation,
                                         .flags = (unsigned char)flags,
                                         .fd = fd,
                                         .addr = (unsigned long)buffer,
                                         .len = bytes,
                                         .off = (unsigned long)offset};
  at(submissions, facts.sq_off.array)[place] = place;
  __atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
  must(syscall(SYS_io_uring_enter, ring, 1L, 1L, (long)IORING_ENTER_GETEVENTS, NULL, 0L) == 1);
  unsigned* const head = at(completions, facts.cq_off.head);
  const struct io_uring_cqe* const event =
      (const struct io_uring_cqe*)(const void*)(completions + facts.cq_off.cqes) +
      (*head & *at(completions, facts.cq_off.ring_mask));
  say("%d: %d\n", operation, event->res);
  __atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
}

int main(void) {
  static char piece[50000], back[10];
  struct stat size;
  memset(piece, 'A', sizeof piece);
  int fd = create("by-number");
  put_bytes(fd, 'a', 300000);
  if (!set_up()) {
    say("no io_uring here\n");
    return SKIPPED;
  }
  submit(IORING_OP_WRITE, fd, piece, sizeof piece, 100000, 0);
  must(pread(fd, back, 9, 149995) == 9);
  say("%s\n", back);
  put_bytes(fd, 'b', 300000);
  submit(IORING_OP_READ, fd, back, 9, 599990, 0);
  say("%s\n", back);
  /* At the position. */
  submit(IORING_OP_WRITE, fd, piece, 1000, -1, 0);
  put_bytes(fd, 'c', 1000);
  must(fstat(fd, &size) == 0);
  say("%ld bytes\n", (long)size.st_size);
  submit(IORING_OP_FSYNC, fd, NULL, 0, 0, 0);
  submit(IORING_OP_CLOSE, fd, NULL, 0, 0, 0);
  fd = create("registered");
  put_bytes(fd, 'd', 300000);
  say_result(syscall(SYS_io_uring_register, ring, (long)IORING_REGISTER_FILES, &fd, 1L));
  put_bytes(fd, 'e', 300000);
  submit(IORING_OP_WRITE, 0, piece, sizeof piece, 500000, IOSQE_FIXED_FILE);
  put_bytes(fd, 'f', 10000);
  close(fd);
  submit(IORING_OP_WRITE, 0, piece, 1000, 1000, IOSQE_FIXED_FILE);
  return 0;
}
