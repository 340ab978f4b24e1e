/* A program as allocators, sanitizers and profilers like to see it: threads that allocate and
 * write, a child, and most of the calls that a library between it and libc might have replaced. */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 3, PIECES = 600 };

static void must(int condition, const char* what) {
  if (condition) return;
  perror(what);
  _exit(1);
}

static void put(int fd, int letter, size_t bytes) {
  char* const piece = malloc(bytes);
  memset(piece, letter, bytes);
  must(write(fd, piece, bytes) == (ssize_t)bytes, "write");
  free(piece);
}

static int create(const char* name) {
  const int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);
  must(fd >= 0, name);
  return fd;
}

static void* write_own(void* number) {
  char name[32];
  snprintf(name, sizeof name, "thread-%d", *(int*)number);
  const int fd = create(name);
  for (int i = 0; i < PIECES; ++i) put(fd, 'a' + i % 26, 1 + (size_t)i * 7 % 1500);
  must(lseek(fd, 0, SEEK_CUR) == lseek(fd, 0, SEEK_END), "position");
  must(close(fd) == 0, "close");
  return NULL;
}

static void write_in_threads(void) {
  pthread_t threads[THREADS];
  int numbers[THREADS];
  for (int i = 0; i < THREADS; ++i) {
    numbers[i] = i;
    must(pthread_create(&threads[i], NULL, write_own, &numbers[i]) == 0, "pthread_create");
  }
  for (int i = 0; i < THREADS; ++i) pthread_join(threads[i], NULL);
}

static void see(int fd, const char* when) {
  struct stat facts;
  char piece[8] = "";
  must(fstat(fd, &facts) == 0, "fstat");
  must(pread(fd, piece, 7, facts.st_size - 7) == 7, "pread");
  printf("%s: %ld bytes, ends with %s\n", when, (long)facts.st_size, piece);
  fflush(stdout);
}

int main(void) {
#ifdef OPENED_LATE
  must(dlopen(OPENED_LATE, RTLD_NOW | RTLD_GLOBAL) != NULL, "dlopen");
#endif
  FILE* const said = fopen("said", "w");
  must(said != NULL, "said");
  write_in_threads();
  const int fd = create("shared");
  for (int i = 0; i < 3000; ++i) put(fd, '0' + i % 10, 333);
  see(fd, "written");
  must(fsync(fd) == 0, "fsync");
  const struct iovec vectors[2] = {{"vector", 6}, {"ed", 2}};
  must(writev(fd, vectors, 2) == 8, "writev");
  must(pwrite(fd, "patched", 7, 100) == 7, "pwrite");
  see(fd, "patched");
  const int copy = dup(fd);
  put(copy, 'd', 5000);
  must(ftruncate(fd, 700000) == 0, "ftruncate");
  must(lseek(fd, 0, SEEK_END) == 700000, "lseek");
  const pid_t pid = fork();
  if (pid == 0) {
    put(fd, 'c', 70000);
    _exit(3);
  }
  int status;
  must(waitpid(pid, &status, 0) == pid && status == 3 << 8, "waitpid");
  put(copy, 'e', 70000);
  see(fd, "both wrote");
  must(futimens(fd, (struct timespec[2]){{1600000000, 1}, {1600000000, 2}}) == 0, "futimens");
  must(close(copy) == 0 && close(fd) == 0, "close");
  struct stat facts;
  must(stat("shared", &facts) == 0, "stat");
  printf("modified %ld\n", (long)facts.st_mtime);
  fprintf(said, "never flushed by hand\n");
  return 0;
}
