/* SCM_RIGHTS to oneself: the received copy gets a number that libc closed by itself. */
#include <dirent.h>

#include "../../support/rights.h"
#include "trap.h"

int main(void) {
  int pair[2];
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
  const int fd = create("file");
  const int number = open("/", O_RDONLY | O_DIRECTORY);
  DIR* const directory = fdopendir(number);
  must(directory != NULL && readdir(directory) != NULL && closedir(directory) == 0);

  struct rights_message message;
  int fds[MOST_RIGHTS];
  pack_rights(&message, &fd, 1);
  must(sendmsg(pair[0], &message.header, 0) == 1);
  expect_rights(&message);
  must(recvmsg(pair[1], &message.header, 0) == 1 && unpack_rights(&message, fds) == 1);
  const int received = fds[0];
  say("the number %s\n", received == number ? "comes up again" : "is a new one");

  char text[16] = "";
  say_result(write(fd, "hello", 5));
  say_result(pread(received, text, 10, 0));
  say("%s\n", text);
  say_result(lseek(received, 0, SEEK_CUR));
  put_bytes(received, 'r', 5000);
  put_bytes(fd, 'f', 5000);
  say_result(lseek(received, 0, SEEK_CUR));
  say_result(close(received));
  put_bytes(fd, 'g', 5000);
  return 0;
}
