/* Files are mapped while no file is cached, and written on. */
#include "trap.h"

enum { BYTES = 300000 };

static char* map(int fd, int protection) {
  char* const pages = mmap(NULL, BYTES, protection, MAP_SHARED, fd, 0);
  must(pages != MAP_FAILED);
  return pages;
}

/* What is written is what is seen in memory, and the other way round. */
static void write_beside(int fd, char* pages) {
  for (int i = 0; i < 4; ++i) {
    put_bytes(fd, (char)('a' + i), 50000);
    const long end = lseek(fd, 0, SEEK_CUR);
    say("%ld: %.3s\n", end, pages + end - 3);
  }
  char piece[7] = "";
  must(pwrite(fd, "through", 7, 90000) == 7);
  must(pread(fd, piece, 6, 40000) == 6);
  say("%.7s %s\n", pages + 90000, piece);
}

static void write_mapped(const char* name, int flags) {
  const int fd = open(name, flags | O_CREAT, 0644);
  must(fd >= 0);
  put_bytes(fd, 'A', 1000);
  char* const pages = map(fd, PROT_READ);
  write_beside(fd, pages);
  must(munmap(pages, BYTES) == 0 && close(fd) == 0);
}

/* By a number that is gone, of the file by another name. */
static void write_mapped_elsewhere(void) {
  const int fd = create("one name");
  must(link("one name", "another\nname") == 0);
  const int other = open("one name", O_RDONLY);
  char* const pages = map(other, PROT_READ);
  close(other);
  close(fd);
  const int again = open("another\nname", O_RDWR);
  write_beside(again, pages);
  close(again);
}

static void write_after_unmapping(void) {
  const int fd = create("unmapped");
  must(ftruncate(fd, BYTES) == 0);
  char* const pages = map(fd, PROT_READ | PROT_WRITE);
  memset(pages, 'm', 150001);
  must(munmap(pages, BYTES) == 0);
  put_bytes(fd, 'w', 100001);
  say_result(lseek(fd, 0, SEEK_END));
  put_bytes(fd, 'e', 200000);
  close(fd);
}

static int handlers_fd = -1;
static char* handlers_pages;
static void write_in_handler(int signal) {
  (void)signal;
  put_bytes(handlers_fd, 'h', 200000);
}

/* A mapping that lasts while handlers write to its file. */
static void map_while_handlers_write(void) {
  handlers_fd = create("by handlers");
  signal(SIGUSR1, write_in_handler);
  must(ftruncate(handlers_fd, BYTES) == 0);
  handlers_pages = map(handlers_fd, PROT_READ);
  raise(SIGUSR1);
  say("%.3s %.3s\n", handlers_pages, handlers_pages + 199997);
}

int main(void) {
  write_mapped("file", O_RDWR);
  write_mapped("appended", O_RDWR | O_APPEND);
  write_mapped_elsewhere();
  write_after_unmapping();
  map_while_handlers_write();
  /* A child has its parent's mappings. */
  const pid_t child = fork();
  if (child == 0) {
    put_bytes(handlers_fd, 'c', 90000);
    say("%.3s\n", handlers_pages + 289997);
    _exit(0);
  }
  must(waitpid(child, NULL, 0) == child);
  return 0;
}
