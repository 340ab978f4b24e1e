/* Reads that leave nothing in the page cache are the kernel's in every other way. */
#include <sys/sendfile.h>

#include "../trap.h"

enum { BYTES = 3000000 };

static volatile sig_atomic_t handled;
static int source;

static long sum_of(const char* bytes, ssize_t count) {
  unsigned long sum = 0;
  for (ssize_t i = 0; i < count; ++i) sum = sum * 31 + (unsigned char)bytes[i];
  return (long)(sum & 0xffffff);
}

/* A handler may read the very file that it has come in between. */
static void on_alarm(int number) {
  char bytes[100];
  (void)number;
  if (pread(source, bytes, sizeof bytes, 1000 * (handled % 2000)) == sizeof bytes) ++handled;
}

static void make_source(const char* name) {
  const int fd = create(name);
  char piece[1000];
  for (int i = 0; i < BYTES / 1000; ++i) {
    for (int j = 0; j < 1000; ++j) piece[j] = (char)(i * 7 + j * 13);
    must(write(fd, piece, sizeof piece) == sizeof piece);
  }
  must(fsync(fd) == 0);
  must(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
  close(fd);
}

static void read_in_every_way(void) {
  char one[7000], two[3000];
  void* volatile nowhere = (void*)8;
  volatile int too_few = -1;
  const struct iovec vectors[] = {{one, sizeof one}, {two, sizeof two}};
  say("errno before: %d\n", errno = 0);
  say_result(read(source, one, sizeof one));
  say_result(pread(source, two, sizeof two, 5));
  say_result(readv(source, vectors, 2));
  say_result(preadv(source, vectors, 2, 2000000));
  say_result(preadv2(source, vectors, 2, -1, 0));
  say_result(preadv2(source, vectors, 2, 17, RWF_HIPRI));
  say_result(syscall(SYS_read, source, one, sizeof one));
  say_result(syscall(SYS_pread64, source, two, sizeof two, 1000000));
  say_result(lseek(source, 0, SEEK_CUR));
  say("sums %ld %ld\n", sum_of(one, sizeof one), sum_of(two, sizeof two));
  say_result(lseek(source, -1500, SEEK_END));
  say_result(read(source, one, sizeof one));
  say_result(read(source, one, sizeof one));
  say_result(lseek(source, BYTES + 5000, SEEK_SET));
  say_result(read(source, one, sizeof one));
  say_result(read(source, nowhere, 100));
  say_result(lseek(source, 0, SEEK_SET));
  say_result(read(source, nowhere, 100));
  say_result(readv(source, nowhere, 2));
  say_result(readv(source, vectors, too_few));
  say_result(pread(source, one, 10, -1));
  say_result(preadv2(source, vectors, 2, 0, 0x40000000));
  say_result(read(source, one, 0));
  say_result(lseek(source, 0, SEEK_CUR));
}

static void read_what_others_share(void) {
  char bytes[5000];
  const int copy = dup(source);
  const pid_t child = fork();
  if (child == 0) {
    ssize_t got = read(copy, bytes, sizeof bytes);
    say("child: %d\n", (int)got);
    lseek(source, 100000, SEEK_CUR);
    _exit(0);
  }
  wait_for(child);
  say_result(read(source, bytes, sizeof bytes));
  say_result(lseek(copy, 0, SEEK_CUR));
  close(copy);
}

static void read_by_stream(void) {
  char bytes[10000];
  FILE* stream = fopen("source", "r");
  must(stream != NULL);
  say("stream: %zu", fread(bytes, 1, sizeof bytes, stream));
  fseek(stream, 1234567, SEEK_SET);
  say(" %d", fgetc(stream));
  say(" %ld\n", ftell(stream));
  fclose(stream);
}

static void copy_in_the_kernel(void) {
  const int target = create("copy");
  int ends[2];
  off64_t from = 1000;
  must(pipe(ends) == 0);
  say_result(lseek(source, 0, SEEK_SET));
  say_result(copy_file_range(source, NULL, target, NULL, 1000000, 0));
  say_result(sendfile(target, source, NULL, 500000));
  say_result(copy_file_range(source, &from, target, NULL, 10, 0));
  say("from %ld\n", (long)from);
  off64_t* volatile nowhere = (off64_t*)8;
  say_result(sendfile(ends[1], source, nowhere, 10));
  say_result(splice(source, nowhere, ends[1], NULL, 10, 0));
  from = 70;
  say_result(sendfile(ends[1], source, &from, 10));
  say_result(splice(source, &from, ends[1], NULL, 10, 0));
  say_result(splice(source, NULL, ends[1], NULL, 10, 0));
  say_result(copy_file_range(source, NULL, ends[1], NULL, 10, 0));
  say_result(lseek(source, 0, SEEK_CUR));
  say_result(lseek(target, 0, SEEK_CUR));
  close(target);
}

static void read_others(void) {
  char bytes[100];
  int ends[2];
  must(pipe(ends) == 0);
  must(write(ends[1], "pipe", 4) == 4);
  say_result(read(ends[0], bytes, sizeof bytes));
  say_result(pread(ends[0], bytes, 1, 0));
  const int zero = open("/dev/zero", O_RDONLY), directory = open(".", O_RDONLY);
  const int status = open("/proc/self/status", O_RDONLY), writer = open("source", O_WRONLY);
  say_result(read(zero, bytes, sizeof bytes));
  say_result(read(directory, bytes, sizeof bytes));
  say_result(read(status, bytes, 5));
  say_result(read(writer, bytes, sizeof bytes));
  /* The number becomes another file's, and nobody is told. */
  raw(SYS_dup3, ends[0], source, 0, 0);
  must(write(ends[1], "more", 4) == 4);
  say_result(read(source, bytes, sizeof bytes));
  say_result(lseek(source, 0, SEEK_CUR));
}

static void read_what_is_mapped(void) {
  const int fd = open("source", O_RDONLY);
  char bytes[4096];
  say_result(read(fd, bytes, sizeof bytes));
  const char* const map = mmap(NULL, BYTES, PROT_READ, MAP_SHARED, fd, 0);
  must(map != MAP_FAILED);
  say_result(read(fd, bytes, sizeof bytes));
  say("mapped: %ld %ld\n", sum_of(map + 4096, 4096), sum_of(bytes, 4096));
  close(fd);
}

int main(void) {
  char bytes[999];
  long total = 0, sum = 0;
  make_source("source");
  source = open("source", O_RDONLY);
  must(source >= 0);
  read_in_every_way();
  read_what_others_share();
  read_by_stream();
  copy_in_the_kernel();
  signal(SIGALRM, on_alarm);
  const struct itimerval often = {{0, 200}, {0, 200}};
  setitimer(ITIMER_REAL, &often, NULL);
  lseek(source, 0, SEEK_SET);
  for (ssize_t got; (got = read(source, bytes, sizeof bytes)) > 0; total += got)
    sum += sum_of(bytes, got);
  const struct itimerval never = {{0, 0}, {0, 0}};
  setitimer(ITIMER_REAL, &never, NULL);
  say("read %ld, sum %ld\n", total, sum);
  read_what_is_mapped();
  read_others();
  return 0;
}
