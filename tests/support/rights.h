/* A message that carries descriptors (SCM_RIGHTS) and one byte: for tests in C and in C++. */
#pragma once

#include <stdalign.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

enum { MOST_RIGHTS = 8 };

/* Must stay where it is: what the kernel is given points into it. */
struct rights_message {
  struct msghdr header;
  struct iovec vector;
  char byte;
  alignas(struct cmsghdr) char room[CMSG_SPACE(MOST_RIGHTS * sizeof(int))];
};

/* To receive into. */
static inline void expect_rights(struct rights_message* message) {
  memset(message, 0, sizeof *message);
  message->vector.iov_base = &message->byte;
  message->vector.iov_len = 1;
  message->header.msg_iov = &message->vector;
  message->header.msg_iovlen = 1;
  message->header.msg_control = message->room;
  message->header.msg_controllen = sizeof message->room;
}

/* To send. */
static inline void pack_rights(struct rights_message* message, const int* fds, int count) {
  const size_t bytes = (size_t)count * sizeof(int);
  expect_rights(message);
  message->header.msg_controllen = CMSG_SPACE(bytes);
  struct cmsghdr* const control = CMSG_FIRSTHDR(&message->header);
  control->cmsg_level = SOL_SOCKET;
  control->cmsg_type = SCM_RIGHTS;
  control->cmsg_len = CMSG_LEN(bytes);
  memcpy(CMSG_DATA(control), fds, bytes);
}

/* What was received: how many, which may be none. */
static inline int unpack_rights(const struct rights_message* message, int* fds) {
  const struct cmsghdr* const control = CMSG_FIRSTHDR(&message->header);
  if (control == NULL) return 0;
  const size_t bytes = control->cmsg_len - CMSG_LEN(0);
  memcpy(fds, CMSG_DATA(control), bytes);
  return (int)(bytes / sizeof(int));
}
