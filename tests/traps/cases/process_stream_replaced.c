/* The number under a stream of popen() becomes a managed file. libc's streams to processes have a
 * table of functions of their own, through which they write, read, seek and close what is there. */
#include "trap.h"

static FILE* begin(const char* command, const char* mode) {
  FILE* const stream = popen(command, mode);
  must(stream != NULL);
  return stream;
}

static void put_lines(FILE* stream, const char* what) {
  for (int i = 0; i < 2000; ++i) fprintf(stream, "%s %d\n", what, i);
}

/* By the stream and by a number in turns. */
static void written(void) {
  FILE* const stream = begin("cat >/dev/null; exit 3", "w");
  const int fd = create("written");
  say_result(dup2(fd, fileno(stream)) == fileno(stream));
  put_records(fd, 'a', 1000);
  put_lines(stream, "a line");
  put_records(fd, 'b', 1000);
  say_result(fseek(stream, 0, SEEK_END));
  say_result(ftell(stream));
  fprintf(stream, "at the end");
  say_result(fseek(stream, 100, SEEK_SET));
  fprintf(stream, "in between");
  say_result(fflush(stream));
  put_records(fd, 'c', 10);
  say_result(pclose(stream));
  put_records(fd, 'd', 1000);
  say_result(close(fd));
}

static void read_back(void) {
  FILE* const stream = begin("exit 4", "r");
  const int fd = create("read");
  must(dup2(fd, fileno(stream)) >= 0);
  put_records(fd, 'e', 1000);
  lseek(fd, 900 * RECORD, SEEK_SET);
  char line[RECORD + 1];
  for (int i = 0; i < 100; ++i) must(fgets(line, sizeof line, stream) != NULL);
  say("%s", line);
  must(pwrite(fd, "more", 4, 1000 * RECORD) == 4);
  say_result(fseek(stream, -2, SEEK_END));
  say_result(fgetc(stream));
  say_result(pclose(stream));
  say_result(close(fd));
}

/* The stream's is the only number, and what it holds is written as it closes. */
static void closed_last(void) {
  FILE* const stream = begin("cat >/dev/null; exit 5", "w");
  const int number = fileno(stream), below = dup(1);
  say_result(close(number));
  must(create("closed-last") == number);
  close(below);
  put_records(number, 'f', 1000);
  put_lines(stream, "of the last");
  say_result(fclose(stream));
  struct stat facts;
  must(stat("closed-last", &facts) == 0);
  say("%ld bytes\n", (long)facts.st_size);
}

static void in_a_child(void) {
  FILE* const stream = begin("cat >/dev/null", "w");
  const int fd = create("in-a-child");
  must(dup2(fd, fileno(stream)) >= 0);
  put_records(fd, 'g', 1000);
  const pid_t pid = fork();
  if (pid == 0) {
    put_lines(stream, "the child's");
    fflush(stream);
    put_records(fd, 'h', 1000);
    _exit(0);
  }
  wait_for(pid);
  put_lines(stream, "the parent's");
  say_result(pclose(stream));
  say_result(close(fd));
}

/* Closed, and none there in its place: the process is forgotten all the same. */
static void number_gone(void) {
  FILE* const stream = begin("cat >/dev/null; exit 6", "w");
  close(fileno(stream));
  say_result(pclose(stream));
  int status = 0;
  must(wait(&status) > 0);
  say("ended with %d\n", WEXITSTATUS(status));
}

int main(void) {
  written();
  read_back();
  closed_last();
  in_a_child();
  number_gone();
  return 0;
}
