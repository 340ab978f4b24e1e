/* Linux AIO, of which libc knows nothing: io_submit by syscall() on a file that is being written.
 */
#include <linux/aio_abi.h>

#include "trap.h"

static aio_context_t context;

static void submit(int fd, int operation, void* buffer, size_t bytes, off_t offset) {
  struct iocb block = {.aio_fildes = (unsigned)fd,
                       .aio_lio_opcode = (unsigned short)operation,
                       .aio_buf = (unsigned long)buffer,
                       .aio_nbytes = bytes,
                       .aio_offset = offset};
  struct iocb* list[1] = {&block};
  struct io_event event;
  must(syscall(SYS_io_submit, context, 1L, list) == 1);
  must(syscall(SYS_io_getevents, context, 1L, 1L, &event, NULL) == 1);
  say("%d: %ld\n", operation, (long)event.res);
}

int main(void) {
  static char piece[50000], back[10];
  struct stat facts;
  if (syscall(SYS_io_setup, 4L, &context) != 0) {
    say("no AIO here\n");
    return SKIPPED;
  }
  memset(piece, 'A', sizeof piece);
  const int fd = create("file");
  put_bytes(fd, 'a', 300000);
  submit(fd, IOCB_CMD_PWRITE, piece, sizeof piece, 100000);
  must(pread(fd, back, 9, 149995) == 9);
  say("%s\n", back);
  put_bytes(fd, 'b', 300000);
  submit(fd, IOCB_CMD_PREAD, back, 9, 599990);
  say("%s\n", back);
  submit(fd, IOCB_CMD_PWRITE, piece, 1000, 700000);
  must(fstat(fd, &facts) == 0);
  say("%ld bytes\n", (long)facts.st_size);
  put_bytes(fd, 'c', 1000);
  say_result(lseek(fd, 0, SEEK_END));
  syscall(SYS_io_destroy, context);
  return 0;
}
