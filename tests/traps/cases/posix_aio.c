/* flags: -lrt */
/* POSIX AIO on a file that is being written: each sees what the other did. */
#include <aio.h>

#include "trap.h"

static void finish(struct aiocb* block, const char* what) {
  const struct aiocb* const list[1] = {block};
  while (aio_error(block) == EINPROGRESS) aio_suspend(list, 1, NULL);
  const int error = aio_error(block);
  say("%s: %ld, %d\n", what, (long)aio_return(block), error);
}

int main(void) {
  static char piece[50000], back[10];
  memset(piece, 'A', sizeof piece);
  const int fd = create("file");
  put_bytes(fd, 'a', 300000);
  struct aiocb write_it = {
      .aio_fildes = fd, .aio_buf = piece, .aio_nbytes = sizeof piece, .aio_offset = 100000};
  must(aio_write(&write_it) == 0);
  finish(&write_it, "aio_write");
  must(pread(fd, back, 9, 149995) == 9);
  say("%s\n", back);
  put_bytes(fd, 'b', 300000);
  struct aiocb read_it = {.aio_fildes = fd, .aio_buf = back, .aio_nbytes = 9, .aio_offset = 599990};
  must(aio_read(&read_it) == 0);
  finish(&read_it, "aio_read");
  say("%s\n", back);
  struct aiocb synchronise = {.aio_fildes = fd};
  must(aio_fsync(O_DSYNC, &synchronise) == 0);
  finish(&synchronise, "aio_fsync");
  const int other = create("other");
  put_bytes(other, 'c', 300000);
  struct aiocb two[2] = {{.aio_fildes = other,
                          .aio_buf = piece,
                          .aio_nbytes = 1000,
                          .aio_offset = 500,
                          .aio_lio_opcode = LIO_WRITE},
                         {.aio_fildes = other,
                          .aio_buf = piece,
                          .aio_nbytes = 20000,
                          .aio_offset = 250000,
                          .aio_lio_opcode = LIO_WRITE}};
  struct aiocb* const list[2] = {&two[0], &two[1]};
  say_result(lio_listio(LIO_WAIT, list, 2, NULL));
  put_bytes(other, 'd', 1000);
  /* Only synchronised: what was written before is in the kernel then. */
  const int third = create("third");
  put_bytes(third, 'e', 300000);
  struct aiocb only = {.aio_fildes = third};
  must(aio_fsync(O_SYNC, &only) == 0);
  finish(&only, "aio_fsync alone");
  struct stat facts;
  must(raw(SYS_fstat, third, (long)&facts, 0, 0) == 0);
  say("%ld bytes\n", (long)facts.st_size);
  return 0;
}
