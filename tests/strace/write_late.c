// A library that has its last word when everybody else has had theirs; with MAIN, a program that
// opens the file for it which it is given.
#include <fcntl.h>
#include <unistd.h>

#ifdef MAIN

extern int last_words_fd;

int main(int count, char** words) {
  last_words_fd = open(words[count - 1], O_WRONLY | O_CREAT | O_TRUNC, 0600);
  return write(last_words_fd, "hello\n", 6) != 6;
}

#else

int last_words_fd = -1;

__attribute__((destructor)) static void speak(void) {
  if (write(last_words_fd, "bye\n", 4) != 4) _exit(1);
}

#endif
