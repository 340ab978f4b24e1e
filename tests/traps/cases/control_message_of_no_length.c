/* sendmsg with a control message whose length is 0, which a walk over them never gets past. */
#include "../../support/rights.h"
#include "trap.h"

int main(void) {
  int pair[2];
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
  const int fd = create("file");
  put_bytes(fd, 'a', 5000);
  const int fds[2] = {fd, fd};
  struct rights_message message;
  pack_rights(&message, fds, 2);
  struct cmsghdr* const control = CMSG_FIRSTHDR(&message.header);
  /* A walk that ends nowhere ends here. */
  alarm(10);
  for (size_t length = 0; length < sizeof *control; length += 5) {
    control->cmsg_len = length;
    say_result(sendmsg(pair[0], &message.header, 0));
  }
  control->cmsg_len = (size_t)-1;
  say_result(sendmsg(pair[0], &message.header, 0));
  message.header.msg_controllen = 3;
  say_result(sendmsg(pair[0], &message.header, MSG_DONTWAIT));
  put_bytes(fd, 'b', 5000);
  return 0;
}
