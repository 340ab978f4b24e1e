/* What else libc's streams do on their own: "a" given to fdopen, "m" for mapped reading, wide ones,
 * buffers that a fork doubles, positions given back at the end, beside numbers of the same file. */
#include <wchar.h>

#include "trap.h"

static FILE* stream_of(int fd, const char* mode) {
  FILE* const stream = fdopen(fd, mode);
  must(stream != NULL);
  return stream;
}

/* libc sets O_APPEND itself. */
static void appending(void) {
  const int fd = create("appending");
  put_bytes(fd, 'a', 100000);
  must(lseek(fd, 50, SEEK_SET) == 50);
  FILE* const stream = stream_of(dup(fd), "a");
  put_bytes(fd, 'b', 1000);
  fprintf(stream, "by the stream\n");
  must(fflush(stream) == 0);
  put_bytes(fd, 'c', 1000);
  must(lseek(fd, 0, SEEK_SET) == 0);
  put_bytes(fd, 'd', 1000);
  must(fcntl(fd, F_SETFL, 0) == 0);
  must(lseek(fd, 10, SEEK_SET) == 10);
  put_bytes(fd, 'e', 100);
  say("appending: %ld, %x\n", (long)lseek(fd, 0, SEEK_END), (unsigned)fcntl(fd, F_GETFL));
  must(fclose(stream) == 0 && close(fd) == 0);
}

/* Mapped, where libc can. */
static void mapped_reading(void) {
  char line[64] = "", rest[4000];
  const int fd = create("mapped");
  for (int i = 0; i < 5000; ++i) put_record(fd, 'm', i);
  FILE* const stream = fopen("mapped", "rm");
  must(stream != NULL && fgets(line, sizeof line, stream) != NULL);
  put_bytes(fd, 'z', 3000);
  must(pwrite(fd, "PATCHED", 7, 100000) == 7);
  must(fseek(stream, 99990, SEEK_SET) == 0);
  say("mapped: %zu, %.20s\n", fread(rest, 1, sizeof rest, stream), rest);
  must(fseek(stream, -10, SEEK_END) == 0);
  say("the end: %zu at %ld\n", fread(rest, 1, sizeof rest, stream), ftell(stream));
  must(ftruncate(fd, 1000) == 0);
  put_bytes(fd, 'y', 100);
  must(fclose(stream) == 0 && close(fd) == 0);
}

static void wide(void) {
  const int fd = create("wide");
  put_bytes(fd, 'a', 10000);
  FILE* const stream = stream_of(dup(fd), "w");
  must(fwide(stream, 1) > 0);
  for (int i = 0; i < 3000; ++i) fwprintf(stream, L"wide %d\n", i);
  must(fflush(stream) == 0);
  put_bytes(fd, 'b', 10000);
  fputws(L"the last of it\n", stream);
  must(fclose(stream) == 0);
  put_bytes(fd, 'c', 100);
  say("wide: %ld\n", (long)lseek(fd, 0, SEEK_CUR));
  close(fd);
  FILE* const converted = fopen("converted", "w,ccs=UTF-8");
  for (int i = 0; converted != NULL && i < 3000; ++i) fwprintf(converted, L"converted %d\n", i);
  must(converted == NULL || fclose(converted) == 0);
}

static void doubled_by_fork(void) {
  FILE* const stream = fopen("doubled", "w");
  for (int i = 0; i < 3000; ++i) fprintf(stream, "before %d\n", i);
  const pid_t pid = fork();
  if (pid == 0) {
    for (int i = 0; i < 3000; ++i) fprintf(stream, "child %d\n", i);
    exit(0);
  }
  wait_for(pid);
  for (int i = 0; i < 3000; ++i) fprintf(stream, "parent %d\n", i);
  must(system("echo by a shell >>doubled") == 0);
  must(fclose(stream) == 0);
}

/* Who reads on behind a stream begins where that had got to. */
static void positions_given_back(void) {
  char line[128], letters[9] = "";
  const int fd = create("lines");
  put_records(fd, 'l', 2000);
  for (int way = 0; way < 3; ++way) {
    must(lseek(fd, 0, SEEK_SET) == 0);
    const pid_t pid = fork();
    if (pid == 0) {
      FILE* const stream = stream_of(fd, "r+");
      must(fgets(line, sizeof line, stream) != NULL && fgets(line, sizeof line, stream) != NULL);
      if (way == 0) fflush(stream);
      if (way == 1) fclose(stream);
      if (way == 2) exit(0);
      _exit(0);
    }
    wait_for(pid);
    say("given back: %ld, %zd, %.8s\n", (long)lseek(fd, 0, SEEK_CUR), read(fd, letters, 8),
        letters);
  }
  close(fd);
}

static void to_and_fro(int buffered) {
  char piece[6000];
  FILE* const stream = fopen("to-and-fro", "w+");
  const int fd = open("to-and-fro", O_RDWR);
  unsigned seed = 7;
  if (!buffered) setvbuf(stream, NULL, _IONBF, 0);
  for (int i = 0; i < 600; ++i) {
    seed = seed * 1103515245 + 12345;
    const size_t bytes = (seed >> 8) % sizeof piece + 1;
    must(fseek(stream, (long)((seed >> 5) % 300000), SEEK_SET) == 0);
    memset(piece, 'a' + i % 26, sizeof piece);
    if (i % 3 == 2) {
      const size_t got = fread(piece, 1, bytes, stream);
      if (i % 99 == 2) say("read %zu of %zu, %d\n", got, bytes, feof(stream));
      if (i % 2 == 0 && got > 0) ungetc('#', stream);
    } else {
      must(fwrite(piece, 1, bytes, stream) == bytes);
    }
    if (i % 50 == 0) {
      must(fflush(stream) == 0);
      must(pwrite(fd, piece, 100, (long)(seed >> 5) % 200000) == 100);
    }
    if (i % 110 == 0) must(fflush(stream) == 0 && ftruncate(fileno(stream), 250000) == 0);
  }
  say("ends at %ld\n", fseek(stream, 0, SEEK_END) == 0 ? ftell(stream) : -1);
  must(freopen(NULL, "r", stream) != NULL);
  say("again: %zu, %d\n", fread(piece, 1, sizeof piece, stream), fputc('x', stream));
  must(fclose(stream) == 0 && close(fd) == 0);
}

/* The number is gone under the stream, or is another file's. */
static void closed_underneath(void) {
  FILE* const stream = fopen("underneath", "w");
  const int fd = fileno(stream);
  for (int i = 0; i < 2000; ++i) fprintf(stream, "line %d\n", i);
  must(fflush(stream) == 0);
  fprintf(stream, "in the buffer\n");
  must(close(fd) == 0);
  say_result(fflush(stream));
  must(create("instead") == fd);
  put_bytes(fd, 'i', 10000);
  fprintf(stream, "into another file\n");
  say_result(fclose(stream));
}

static void* print(void* letter) {
  FILE* const stream = *(FILE**)letter;
  for (int i = 0; i < 2000; ++i) fprintf(stream, "%062d\n", 7);
  return NULL;
}

static void by_threads(void) {
  pthread_t threads[3];
  static FILE* stream;
  stream = fopen("by-threads", "w");
  for (int i = 0; i < 3; ++i) must(pthread_create(&threads[i], NULL, print, &stream) == 0);
  for (int i = 0; i < 3; ++i) must(pthread_join(threads[i], NULL) == 0);
  must(fclose(stream) == 0);
}

int main(void) {
  appending();
  mapped_reading();
  wide();
  doubled_by_fork();
  positions_given_back();
  to_and_fro(1);
  to_and_fro(0);
  closed_underneath();
  by_threads();
  return 0;
}
