/* SCM_RIGHTS: another process gets the description and both write on. */
#include "../../support/rights.h"
#include "trap.h"

static void pass(int socket, int fd) {
  struct rights_message message;
  pack_rights(&message, &fd, 1);
  must(sendmsg(socket, &message.header, 0) == 1);
}

static int get(int socket) {
  struct rights_message message;
  int fds[MOST_RIGHTS];
  expect_rights(&message);
  must(recvmsg(socket, &message.header, 0) == 1 && unpack_rights(&message, fds) == 1);
  return fds[0];
}

int main(void) {
  int pair[2];
  char byte;
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
  const pid_t pid = fork();
  if (pid == 0) {
    const int fd = get(pair[1]);
    for (int i = 0; i < 10; ++i) {
      put_bytes(fd, 'c', 7777);
      must(fsync(fd) == 0);
      must(write(pair[1], "x", 1) == 1 && read(pair[1], &byte, 1) == 1);
    }
    put_bytes(fd, 'd', 7777);
    _exit(0);
  }
  const int fd = create("file");
  put_bytes(fd, 'a', 100001);
  pass(pair[0], fd);
  for (int i = 0; i < 10; ++i) {
    must(read(pair[0], &byte, 1) == 1);
    put_bytes(fd, 'b', 5555);
    must(fsync(fd) == 0);
    must(write(pair[0], "x", 1) == 1);
  }
  wait_for(pid);
  put_bytes(fd, 'e', 100);
  say_result(lseek(fd, 0, SEEK_CUR));
  /* To oneself: a number that nobody told us about. */
  pass(pair[0], fd);
  const int own = get(pair[1]);
  put_bytes(own, 'f', 5000);
  put_bytes(fd, 'g', 5000);
  put_bytes(own, 'h', 5000);
  say_result(lseek(fd, 0, SEEK_CUR));
  return 0;
}
