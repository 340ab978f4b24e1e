/* A file that has no name yet, has it no more, gets another one or is replaced, all while it is
 * being written: the bytes are the file's, whatever it is called. */
#include "trap.h"

static void see(const char* name) {
  struct stat facts;
  if (stat(name, &facts) != 0)
    say("%s: %s\n", name, strerror(errno));
  else
    say("%s: %ld bytes, %ld names\n", name, (long)facts.st_size, (long)facts.st_nlink);
}

static void unnamed(void) {
  char path[64];
  const int fd = open(".", O_TMPFILE | O_RDWR, 0644);
  if (fd < 0) {
    say("no file without a name here\n");
    return;
  }
  put_bytes(fd, 'a', 3 << 20);
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  must(linkat(AT_FDCWD, path, AT_FDCWD, "named", AT_SYMLINK_FOLLOW) == 0);
  see("named");
  put_bytes(fd, 'b', 3 << 20);
  must(close(fd) == 0);
  see("named");
}

static void removed(void) {
  const int fd = create("removed");
  put_bytes(fd, 'a', 3 << 20);
  must(unlink("removed") == 0);
  put_bytes(fd, 'b', 3 << 20);
  see("removed");
  say_result(lseek(fd, 0, SEEK_END));
  /* Another file of the same name. */
  const int again = create("removed");
  put_bytes(again, 'c', 300000);
  put_bytes(fd, 'd', 300000);
  char back[5] = "";
  must(pread(fd, back, 4, 6 << 20) == 4);
  say("%s\n", back);
  must(close(fd) == 0);
  put_bytes(again, 'e', 300000);
  must(close(again) == 0);
  see("removed");
}

static void renamed(void) {
  const int fd = create("new"), old = create("old");
  put_bytes(fd, 'n', 3 << 20);
  put_bytes(old, 'o', 3 << 20);
  must(rename("new", "old") == 0);
  put_bytes(old, 'p', 3 << 20);
  put_bytes(fd, 'q', 300000);
  see("old");
  must(renameat2(AT_FDCWD, "old", AT_FDCWD, "../outside", 0) == 0);
  put_bytes(fd, 'r', 300000);
  see("../outside");
  must(rename("../outside", "back") == 0);
  put_bytes(fd, 's', 300000);
  must(close(old) == 0);
  must(close(fd) == 0);
  see("back");
}

/* Opened once more by what the system calls it. */
static void by_its_number(void) {
  char path[64];
  const int fd = create("numbered");
  put_bytes(fd, 'a', 300000);
  snprintf(path, sizeof path, "/dev/fd/%d", fd);
  const int again = open(path, O_WRONLY);
  put_bytes(again, 'b', 1000);
  put_bytes(fd, 'c', 1000);
  const int emptied = open(path, O_WRONLY | O_TRUNC);
  put_bytes(emptied, 'd', 500);
  put_bytes(fd, 'e', 1000);
  see("numbered");
  snprintf(path, sizeof path, "/proc/%d/fd/%d", getpid(), fd);
  const int appending = open(path, O_WRONLY | O_APPEND);
  put_bytes(appending, 'f', 500);
  put_bytes(fd, 'g', 1000);
  const int place = open(path, O_PATH);
  snprintf(path, sizeof path, "/proc/self/fd/%d", place);
  const int last = open(path, O_RDWR);
  put_bytes(last, 'h', 10);
  say_result(write(place, "x", 1));
  say_result(lseek(fd, 0, SEEK_CUR));
  see("numbered");
}

int main(void) {
  unnamed();
  removed();
  renamed();
  by_its_number();
  return 0;
}
