/* A library whose functions are system calls by number, as tcmalloc's mmap() is: libc's syscall()
 * is what they call, and that may be somebody else's as well. */
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

ssize_t write(int fd, const void* from, size_t n) { return syscall(SYS_write, fd, from, n); }
ssize_t pwrite(int fd, const void* from, size_t n, off_t at) {
  return syscall(SYS_pwrite64, fd, from, n, at);
}
ssize_t writev(int fd, const struct iovec* v, int n) { return syscall(SYS_writev, fd, v, n); }
ssize_t read(int fd, void* to, size_t n) { return syscall(SYS_read, fd, to, n); }
ssize_t pread(int fd, void* to, size_t n, off_t at) { return syscall(SYS_pread64, fd, to, n, at); }
off_t lseek(int fd, off_t by, int from) { return syscall(SYS_lseek, fd, by, from); }
int openat(int at, const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const int mode = va_arg(rest, int);
  va_end(rest);
  return (int)syscall(SYS_openat, at, path, flags, mode);
}
int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const int mode = va_arg(rest, int);
  va_end(rest);
  return (int)syscall(SYS_openat, -100, path, flags, mode);
}
int close(int fd) { return (int)syscall(SYS_close, fd); }
int dup(int fd) { return (int)syscall(SYS_dup, fd); }
int dup3(int from, int to, int flags) { return (int)syscall(SYS_dup3, from, to, flags); }
int dup2(int from, int to) { return from == to ? to : (int)syscall(SYS_dup3, from, to, 0); }
int fcntl(int fd, int command, ...) {
  va_list rest;
  va_start(rest, command);
  void* const argument = va_arg(rest, void*);
  va_end(rest);
  return (int)syscall(SYS_fcntl, fd, command, argument);
}
int flock(int fd, int how) { return (int)syscall(SYS_flock, fd, how); }
int fsync(int fd) { return (int)syscall(SYS_fsync, fd); }
int fdatasync(int fd) { return (int)syscall(SYS_fdatasync, fd); }
int ftruncate(int fd, off_t size) { return (int)syscall(SYS_ftruncate, fd, size); }
int truncate(const char* path, off_t size) { return (int)syscall(SYS_truncate, path, size); }
int fallocate(int fd, int mode, off_t at, off_t n) {
  return (int)syscall(SYS_fallocate, fd, mode, at, n);
}
int fstat(int fd, struct stat* facts) { return (int)syscall(SYS_fstat, fd, facts); }
int fchmod(int fd, mode_t mode) { return (int)syscall(SYS_fchmod, fd, mode); }
int futimens(int fd, const struct timespec times[2]) {
  return (int)syscall(SYS_utimensat, fd, NULL, times, 0);
}
void* mmap(void* at, size_t n, int rights, int flags, int fd, off_t from) {
  return (void*)syscall(SYS_mmap, at, n, rights, flags, fd, from);
}
