/* sendmsg with a control message whose length is 0, which a walk over them never gets past. */
#include <sys/socket.h>

#include "trap.h"

int main(void) {
  int pair[2];
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
  const int fd = create("file");
  put_bytes(fd, 'a', 5000);
  char byte = 'x', room[CMSG_SPACE(2 * sizeof(int))] = {0};
  struct iovec vector = {&byte, 1};
  struct msghdr message = {
      .msg_iov = &vector, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
  struct cmsghdr* const control = CMSG_FIRSTHDR(&message);
  control->cmsg_level = SOL_SOCKET;
  control->cmsg_type = SCM_RIGHTS;
  /* A walk that ends nowhere ends here. */
  alarm(10);
  for (size_t length = 0; length < sizeof *control; length += 5) {
    control->cmsg_len = length;
    say_result(sendmsg(pair[0], &message, 0));
  }
  control->cmsg_len = (size_t)-1;
  say_result(sendmsg(pair[0], &message, 0));
  message.msg_controllen = 3;
  say_result(sendmsg(pair[0], &message, MSG_DONTWAIT));
  put_bytes(fd, 'b', 5000);
  return 0;
}
