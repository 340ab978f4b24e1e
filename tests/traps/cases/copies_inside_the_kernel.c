/* copy_file_range and sendfile into a written file: what they return, where the offsets are then,
 * and what they refuse. */
#include <sys/sendfile.h>

#include "trap.h"

enum { SOURCE_BYTES = (5 << 20) + 1234 };

static off_t at(int fd) { return lseek(fd, 0, SEEK_CUR); }

static ssize_t copy(int from, off_t* from_offset, int to, off_t* to_offset, size_t bytes) {
  return copy_file_range(from, from_offset, to, to_offset, bytes, 0);
}

int main(void) {
  const int source = create("source");
  put_bytes(source, 's', SOURCE_BYTES - 5);
  put_bytes(source, 'e', 5);
  must(lseek(source, 0, SEEK_SET) == 0);

  const int whole = create("whole");
  put_bytes(whole, 'h', 77);
  say_result(copy(source, NULL, whole, NULL, SIZE_MAX >> 1));
  say("source at %ld, copy at %ld\n", (long)at(source), (long)at(whole));
  say_result(copy(source, NULL, whole, NULL, 100));
  put_bytes(whole, 't', 33);

  const int parts = create("parts");
  off_t from = 100001, to = 3;
  say_result(copy(source, &from, parts, &to, 1 << 20));
  say_result(copy(source, &from, parts, &to, 1));
  say("from %ld to %ld, positions %ld %ld\n", (long)from, (long)to, (long)at(source),
      (long)at(parts));
  put_bytes(parts, 'p', 9);
  say_result(sendfile(parts, source, &from, 2 << 20));
  must(lseek(source, 17, SEEK_SET) == 17);
  say_result(sendfile(parts, source, NULL, 300000));
  say("from %ld, positions %ld %ld\n", (long)from, (long)at(source), (long)at(parts));
  say_result(syscall(SYS_sendfile, parts, source, &from, (size_t)100000));
  say_result(syscall(SYS_copy_file_range, source, NULL, parts, NULL, (size_t)100000, 0));
  from = SOURCE_BYTES - 70000;
  say_result(copy(source, &from, parts, NULL, 1 << 20));
  say_result(copy(source, &from, parts, NULL, 1 << 20));

  /* On the description that a child shares. */
  const pid_t pid = fork();
  if (pid == 0) {
    from = 0;
    _exit(sendfile(parts, source, &from, 400000) == 400000 ? 0 : 1);
  }
  wait_for(pid);
  say("position %ld\n", (long)at(parts));
  from = 5;
  say_result(sendfile(parts, source, &from, 200001));

  say("refused\n");
  const int reader = open("whole", O_RDONLY), appender = open("whole", O_WRONLY | O_APPEND);
  from = 0, to = -1;
  say_result(copy(source, &from, parts, &to, 100000));
  say_result(copy_file_range(source, &from, parts, NULL, 100000, 1));
  say_result(copy(source, &from, reader, NULL, 100000));
  say_result(copy(source, &from, appender, NULL, 100000));
  say_result(sendfile(appender, source, &from, 100000));
  say_result(copy(appender, NULL, parts, NULL, 100000));
  say_result(copy(parts, &from, parts, NULL, 100000));
  say_result(copy(source, &from, parts, NULL, 0));
  say_result(copy(-1, NULL, parts, NULL, 1));
  from = -3;
  say_result(copy(source, &from, parts, NULL, 100000));
  say_result(sendfile(parts, source, &from, 100000));
  say("from %ld, positions %ld %ld\n", (long)from, (long)at(source), (long)at(parts));

  /* Between file systems sendfile works. */
  const int memory = memfd_create("memory", 0);
  put_bytes(memory, 'm', 500000);
  from = 0;
  say_result(sendfile(parts, memory, &from, 1 << 20));
  say_result(copy(memory, NULL, parts, NULL, 100000));
  say("position %ld\n", (long)at(parts));
  return 0;
}
