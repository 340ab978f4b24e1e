/* What fstat was before glibc 2.33 (UnifyFS#687: _STAT_VER gone). */
/* flags: -ldl */
#include <dlfcn.h>

#include "trap.h"

typedef int (*by_number)(int version, int fd, struct stat* facts);
typedef int (*by_path)(int version, const char* path, struct stat* facts);
typedef int (*by_directory)(int version, int at, const char* path, struct stat* facts, int flags);

static int fd;

static void* find(const char* name) {
  void* const found = dlsym(RTLD_DEFAULT, name);
  if (found == NULL) {
    say("this libc has no %s\n", name);
    exit(SKIPPED);
  }
  return found;
}

static void see(const char* name, int result, const struct stat* facts) {
  say("%s: %d, %ld bytes\n", name, result, (long)facts->st_size);
  put_bytes(fd, 'a', 12345);
}

int main(void) {
#if defined(__x86_64__)
  const int version = 1;
#else
  const int version = 0;
#endif
  struct stat facts;
  fd = create("file");
  put_bytes(fd, 'a', 12345);
  see("__fxstat", ((by_number)find("__fxstat"))(version, fd, &facts), &facts);
  see("__fxstat64", ((by_number)find("__fxstat64"))(version, fd, &facts), &facts);
  see("__xstat", ((by_path)find("__xstat"))(version, "file", &facts), &facts);
  see("__xstat64", ((by_path)find("__xstat64"))(version, "file", &facts), &facts);
  see("__lxstat", ((by_path)find("__lxstat"))(version, "file", &facts), &facts);
  see("__lxstat64", ((by_path)find("__lxstat64"))(version, "file", &facts), &facts);
  see("__fxstatat", ((by_directory)find("__fxstatat"))(version, AT_FDCWD, "file", &facts, 0),
      &facts);
  see("__fxstatat64", ((by_directory)find("__fxstatat64"))(version, fd, "", &facts, AT_EMPTY_PATH),
      &facts);
  errno = 0;
  say("another version: %d\n", ((by_number)find("__fxstat"))(77, fd, &facts));
  return 0;
}
