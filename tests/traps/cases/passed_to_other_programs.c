/* SCM_RIGHTS to another program, which is preloaded or isn't, over sendmsg and sendmmsg, several
 * numbers at once; the sender writes on, or ends with the message still unread. */
#include "../../support/rights.h"
#include "trap.h"

static void pass(int socket, const int* fds, int count, int many) {
  struct rights_message message;
  pack_rights(&message, fds, count);
  struct mmsghdr one = {.msg_hdr = message.header};
  must((many ? sendmmsg(socket, &one, 1, 0) : (int)sendmsg(socket, &message.header, 0)) == 1);
}

static int get(int socket, int* fds) {
  struct rights_message message;
  expect_rights(&message);
  must(recvmsg(socket, &message.header, MSG_CMSG_CLOEXEC) == 1);
  return unpack_rights(&message, fds);
}

/* The other program: this one, under another name. */
static int receive(int socket) {
  int fds[MOST_RIGHTS];
  char byte;
  const int count = get(socket, fds);
  for (int turn = 0; turn < 5; ++turn) {
    for (int i = 0; i < count; ++i) put_bytes(fds[i], (char)('r' + i), 77777);
    for (int i = 0; i < count; ++i) must(turn % 2 == 0 || fsync(fds[i]) == 0);
    /* The sender's turn; gone, perhaps. */
    for (int i = 0; i < count; ++i) must(fdatasync(fds[i]) == 0);
    if (send(socket, "x", 1, MSG_NOSIGNAL) != 1 || read(socket, &byte, 1) != 1) continue;
  }
  for (int i = 0; i < count; ++i) {
    put_bytes(fds[i], 'e', 12345);
    say("at %ld\n", (long)lseek(fds[i], 0, SEEK_CUR));
  }
  return 0;
}

static void meet(const char* self, int preloaded, int many, int stay) {
  int pair[2], fds[2];
  char number[16], byte, name[32];
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
  const pid_t pid = fork();
  if (pid == 0) {
    close(pair[0]);
    snprintf(number, sizeof number, "%d", pair[1]);
    if (!preloaded) unsetenv("LD_PRELOAD");
    execl(self, self, number, (char*)NULL);
    _exit(127);
  }
  close(pair[1]);
  const pid_t sender = fork();
  if (sender == 0) {
    for (int i = 0; i < 2; ++i) {
      snprintf(name, sizeof name, "file-%d%d%d-%d", preloaded, many, stay, i);
      fds[i] = create(name);
      put_bytes(fds[i], (char)('a' + i), 300000);
    }
    pass(pair[0], fds, 2, many);
    for (int turn = 0; stay && turn < 5; ++turn) {
      must(read(pair[0], &byte, 1) == 1);
      for (int i = 0; i < 2; ++i) put_bytes(fds[i], (char)('A' + i), 55555);
      for (int i = 0; i < 2; ++i) must(fsync(fds[i]) == 0);
      must(write(pair[0], "x", 1) == 1);
    }
    _exit(0);
  }
  close(pair[0]);
  wait_for(sender);
  wait_for(pid);
}

int main(int argc, char** argv) {
  if (argc > 1) return receive(atoi(argv[1]));
  for (int way = 0; way < 8; ++way) meet(argv[0], way & 1, way >> 1 & 1, way >> 2);
  return 0;
}
