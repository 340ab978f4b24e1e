/* A thread that is to be cancelled goes at the first call that is a cancellation point, with
 * nothing done, and not at others. */
#include "trap.h"

static int fd, other;
static char piece[3000];
static const struct iovec vector = {piece, sizeof piece};
static struct stat facts;
static int step;

static void do_step(void) {
  switch (step) {
    case 0:
      must(write(fd, piece, sizeof piece) >= 0);
      break;
    case 1:
      must(pwrite(fd, piece, sizeof piece, 100) >= 0);
      break;
    case 2:
      must(writev(fd, &vector, 1) >= 0);
      break;
    case 3:
      must(pwritev(fd, &vector, 1, 50) >= 0);
      break;
    case 4:
      must(read(fd, piece, sizeof piece) >= 0);
      break;
    case 5:
      must(pread(fd, piece, sizeof piece, 0) >= 0);
      break;
    case 6:
      must(fsync(fd) == 0);
      break;
    case 7:
      must(fdatasync(fd) == 0);
      break;
    case 8:
      must(open("opened", O_WRONLY | O_CREAT, 0644) >= 0);
      break;
    case 9:
      must(creat("created", 0644) >= 0);
      break;
    case 10:
      must(close(other) == 0);
      break;
    case 11:
      must(lseek(fd, 10, SEEK_SET) == 10);
      break;
    case 12:
      must(fstat(fd, &facts) == 0);
      break;
    case 13:
      must(ftruncate(fd, 5000) == 0);
      break;
    case 14:
      must(dup2(fd, 100) == 100);
      break;
    case 15:
      must(fcntl(fd, F_GETFL) >= 0);
      break;
    case 16:
      must(fallocate(fd, 0, 0, 100000) == 0);
      break;
    case 17:
      must(posix_fallocate(fd, 0, 100000) == 0);
      break;
    case 18:
      must(readv(fd, &vector, 1) >= 0);
      break;
    case 19:
      must(sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE) == 0);
      break;
    case 20:
      must(lockf(fd, F_TEST, 10) == 0);
      break;
  }
}
enum { STEPS = 21 };

static volatile int passed, cleaned;

static void clean(void* unused) {
  (void)unused;
  ++cleaned;
}

static void* be_cancelled(void* unused) {
  pthread_cleanup_push(clean, NULL);
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
  pthread_cancel(pthread_self());
  do_step(); /* not here */
  ++passed;
  if (step == 10) other = create("other");
  pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
  do_step();
  ++passed;
  pthread_cleanup_pop(1);
  return unused;
}

int main(void) {
  for (step = 0; step < STEPS; ++step) {
    pthread_t thread;
    void* result = NULL;
    passed = cleaned = 0;
    fd = create("file");
    other = create("other");
    put_bytes(other, 'o', 10000);
    put_bytes(fd, 'a', 200000);
    must(pthread_create(&thread, NULL, be_cancelled, NULL) == 0);
    must(pthread_join(thread, &result) == 0);
    say("step %d: passed %d, cleaned %d, cancelled %d, ", step, passed, cleaned,
        result == PTHREAD_CANCELED);
    say("position %ld, size %ld\n", (long)lseek(fd, 0, SEEK_CUR), (long)lseek(fd, 0, SEEK_END));
    /* No lock is left behind. */
    put_bytes(fd, 'b', 10000);
    must(close(fd) == 0);
    close(other);
  }
  return 0;
}
