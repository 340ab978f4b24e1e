/* SCM_RIGHTS to oneself: the received copy gets a number that libc closed by itself. */
#include <dirent.h>
#include <sys/socket.h>

#include "trap.h"

int main(void) {
  int pair[2];
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
  const int fd = create("file");
  const int number = open("/", O_RDONLY | O_DIRECTORY);
  DIR* const directory = fdopendir(number);
  must(directory != NULL && readdir(directory) != NULL && closedir(directory) == 0);

  char byte = 'x', room[CMSG_SPACE(sizeof(int))] = {0};
  struct iovec vector = {&byte, 1};
  struct msghdr message = {
      .msg_iov = &vector, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
  struct cmsghdr* control = CMSG_FIRSTHDR(&message);
  control->cmsg_level = SOL_SOCKET;
  control->cmsg_type = SCM_RIGHTS;
  control->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(control), &fd, sizeof fd);
  must(sendmsg(pair[0], &message, 0) == 1);
  message.msg_controllen = sizeof room;
  must(recvmsg(pair[1], &message, 0) == 1);
  control = CMSG_FIRSTHDR(&message);
  must(control != NULL);
  int received;
  memcpy(&received, CMSG_DATA(control), sizeof received);
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
