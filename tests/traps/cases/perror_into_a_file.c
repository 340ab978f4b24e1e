/* perror() and psignal() write to number 2, partly through a copy that libc makes for itself;
 * write() does before and after. */
#include <dirent.h>

#include "trap.h"

int main(void) {
  const int fd = create("errors");
  must(dup2(fd, 2) == 2);
  close(fd);
  /* libc closes the number that its copy gets then. */
  DIR* const directory = fdopendir(open("/", O_RDONLY | O_DIRECTORY));
  must(directory != NULL && readdir(directory) != NULL && closedir(directory) == 0);
  for (int i = 0; i < 3; ++i) {
    must(write(2, "0123456789 first line\n", 22) == 22);
    errno = ENOENT;
    perror("perror");
    must(write(2, "a line between\n", 15) == 15);
    psignal(SIGTERM, "psignal");
    must(write(2, "last line\n", 10) == 10);
    say_result(lseek(2, 0, SEEK_CUR));
  }
  return 0;
}
