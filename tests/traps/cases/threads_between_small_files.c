/* Small files are written before, by, beside and after threads that come and go, those of libc's
 * own among them: timers and asynchronous writes. */
/* flags: -pthread */
#include <aio.h>
#include <semaphore.h>
#include <time.h>

#include "trap.h"

static int shared = -1;
static sem_t done;

static void write_file(const char* prefix, int number, size_t bytes) {
  char name[64];
  snprintf(name, sizeof name, "%s-%d", prefix, number);
  const int fd = create(name);
  put_bytes(fd, (char)('a' + number % 26), bytes);
  must(close(fd) == 0);
}

static void* write_files(void* prefix) {
  for (int i = 0; i < 20; ++i) write_file(prefix, i, (size_t)i * 7001);
  put_bytes(shared, *(const char*)prefix, 3001);
  return NULL;
}

static void join_one(void) {
  pthread_t thread;
  must(pthread_create(&thread, NULL, write_files, "joined") == 0 &&
       pthread_join(thread, NULL) == 0);
}

static void* write_and_post(void* prefix) {
  write_files(prefix);
  sem_post(&done);
  return NULL;
}

static void detach_one(void) {
  pthread_t thread;
  must(pthread_create(&thread, NULL, write_and_post, "detached") == 0 &&
       pthread_detach(thread) == 0);
  sem_wait(&done);
}

static void on_timer(union sigval prefix) { write_and_post(prefix.sival_ptr); }

static void run_timer(void) {
  timer_t timer;
  struct sigevent event = {.sigev_notify = SIGEV_THREAD,
                           .sigev_notify_function = on_timer,
                           .sigev_value.sival_ptr = "timer"};
  const struct itimerspec soon = {.it_value.tv_nsec = 1000000};
  must(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0 &&
       timer_settime(timer, 0, &soon, NULL) == 0);
  sem_wait(&done);
  must(timer_delete(timer) == 0);
}

static void write_asynchronously(void) {
  static char bytes[30000];
  memset(bytes, 'q', sizeof bytes);
  struct aiocb block = {
      .aio_fildes = create("asynchronous"), .aio_buf = bytes, .aio_nbytes = sizeof bytes};
  const struct aiocb* const list[] = {&block};
  must(aio_write(&block) == 0);
  write_file("beside", 1, 10000);
  while (aio_suspend(list, 1, NULL) != 0) {
  }
  say("%zd\n", aio_return(&block));
  must(lseek(block.aio_fildes, 0, SEEK_END) == sizeof bytes);
  put_bytes(block.aio_fildes, 'r', 100000);
  close(block.aio_fildes);
}

/* Two threads write to one file, small as it is. */
static void* write_records(void* letter) {
  put_records(shared, *(const char*)letter, 500);
  return NULL;
}

static void write_at_once(void) {
  pthread_t threads[2];
  must(pthread_create(&threads[0], NULL, write_records, "x") == 0);
  must(pthread_create(&threads[1], NULL, write_records, "y") == 0);
  put_records(shared, 'z', 500);
  for (int i = 0; i < 2; ++i) must(pthread_join(threads[i], NULL) == 0);
  say_result(lseek(shared, 0, SEEK_CUR));
  account("records");
}

int main(void) {
  sem_init(&done, 0, 0);
  shared = create("shared");
  static void (*const ways[])(void) = {join_one,  detach_one, join_one, write_asynchronously,
                                       run_timer, join_one};
  for (size_t way = 0; way < sizeof ways / sizeof *ways; ++way) {
    for (int i = 0; i < 10; ++i) write_file("alone", (int)way * 10 + i, (size_t)i * 9001);
    put_bytes(shared, 'm', 2000);
    ways[way]();
    say_result(lseek(shared, 0, SEEK_CUR));
  }
  shared = create("records");
  write_at_once();
  return 0;
}
