/* While a program opens a file by name, another one swaps the link it is reached by and the
 * directories it lies in, as fast as it can: the bytes are those of the file that was opened, and
 * nothing else is created, cut off or written. */
#include <dirent.h>

#include "trap.h"

enum { FILES = 4, OPEN = 3, ROUNDS = 700, MOST = 700000 };

/* What each file must hold. All of them stay open, for their sizes and their bytes. */
static struct file {
  ino_t number;
  int fd;
  char* bytes;
  off_t size;
} files[FILES];
static const char* const names[FILES] = {"here/one", "here/two", "there/one", "there/two"};

static unsigned draw(unsigned below) {
  static uint64_t state = 88172645463325252ULL;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (unsigned)(state >> 20) % below;
}

static struct file* file_of(const struct stat* facts) {
  for (int i = 0; i < FILES; ++i)
    if (files[i].number == facts->st_ino) return &files[i];
  say("a file that was never there\n");
  _exit(1);
}

static void cut(struct file* file, off_t size) {
  if (size > file->size) memset(file->bytes + file->size, 0, (size_t)(size - file->size));
  file->size = size;
}

static void swap(int ready) {
  must(write(ready, "", 1) == 1);
  for (unsigned i = 0;; ++i) {
    must(symlink(i % 2 == 0 ? "here/two" : "here/one", "new") == 0);
    must(rename("new", "link") == 0);
    /* Not every file system can. */
    if (i % 3 == 0) renameat2(AT_FDCWD, "here", AT_FDCWD, "there", RENAME_EXCHANGE);
    if (i % 3 == 1) {
      must(rename("here", "away") == 0);
      must(rename("there", "here") == 0);
      must(rename("away", "there") == 0);
    }
  }
}

/* One that is open for writing, and how far it has come. */
struct writer {
  int fd;
  struct file* file;
  off_t at;
};

static int open_as_stream(const char* name) {
  FILE* const stream = fopen(name, "w+");
  if (stream == NULL) return -1;
  const int fd = dup(fileno(stream));
  must(fclose(stream) == 0);
  return fd;
}

static void open_one(struct writer* one) {
  static const char* const ways[] = {"link", "here/one", "there/two"};
  static const int flags[] = {0, O_TRUNC, O_TRUNC | O_CREAT, O_NOFOLLOW};
  const int how = flags[draw(4)];
  struct stat facts;
  /* The directory may be away just then, so that nothing can be created. */
  const char* const name = ways[draw(how == O_NOFOLLOW ? 1 : 3)];
  one->fd = how == (O_TRUNC | O_CREAT) && draw(2) == 0 ? open_as_stream(name)
                                                       : open(name, O_RDWR | how, 0600);
  if (one->fd < 0) {
    if (errno != ENOENT && (how != O_NOFOLLOW || errno != ELOOP)) say("%s\n", strerror(errno));
    return;
  }
  must(fstat(one->fd, &facts) == 0);
  one->file = file_of(&facts);
  one->at = 0;
  if ((how & O_TRUNC) != 0) cut(one->file, 0);
  if (facts.st_size != one->file->size)
    say("opened: %ld bytes, not %ld\n", (long)facts.st_size, (long)one->file->size);
}

static void write_some(struct writer* one) {
  const size_t bytes = 1 + (draw(4) == 0 ? draw(150000) : draw(3000));
  if (one->fd < 0 || one->at + (off_t)bytes > MOST) return;
  static char piece[150001];
  memset(piece, (int)('A' + draw(58)), bytes);
  must(write(one->fd, piece, bytes) == (ssize_t)bytes);
  if (one->at > one->file->size) cut(one->file, one->at);
  memcpy(one->file->bytes + one->at, piece, bytes);
  one->at += (off_t)bytes;
  if (one->at > one->file->size) one->file->size = one->at;
}

static void look(void) {
  struct stat facts;
  if (stat("link", &facts) != 0) return;
  const struct file* const file = file_of(&facts);
  if (facts.st_size != file->size)
    say("seen: %ld bytes, not %ld\n", (long)facts.st_size, (long)file->size);
}

/* Which one it was, the size tells, that no file has. */
static void truncate_one(int round) {
  const off_t size = MOST - ROUNDS + round;
  if (truncate("link", size) != 0) return;
  int found = 0;
  for (int i = 0; i < FILES; ++i) {
    struct stat facts;
    must(raw(SYS_fstat, files[i].fd, (long)&facts, 0, 0) == 0);
    if (facts.st_size != size) continue;
    cut(&files[i], size);
    ++found;
  }
  if (found != 1) say("%d files were truncated\n", found);
}

static void compare(void) {
  char* const found = malloc(MOST + 1);
  for (int i = 0; i < FILES; ++i) {
    const ssize_t bytes = pread(files[i].fd, found, MOST + 1, 0);
    if (bytes != files[i].size)
      say("a file of %ld bytes, not %ld\n", (long)bytes, (long)files[i].size);
    else if (memcmp(found, files[i].bytes, (size_t)bytes) != 0)
      say("a file with other bytes\n");
    must(ftruncate(files[i].fd, 0) == 0);
  }
}

static int entries(const char* name) {
  int count = 0;
  DIR* const directory = opendir(name);
  must(directory != NULL);
  while (readdir(directory) != NULL) ++count;
  closedir(directory);
  return count - 2;
}

int main(void) {
  int ready[2];
  char byte;
  must(mkdir("here", 0755) == 0 && mkdir("there", 0755) == 0);
  for (int i = 0; i < FILES; ++i) {
    struct stat facts;
    const int fd = open(names[i], O_RDWR | O_CREAT | O_EXCL, 0644);
    must(fd >= 0 && fstat(fd, &facts) == 0);
    files[i] = (struct file){facts.st_ino, fd, malloc(MOST), 0};
  }
  must(symlink("here/one", "link") == 0 && pipe(ready) == 0);
  const pid_t swapper = fork();
  if (swapper == 0) swap(ready[1]);
  must(swapper > 0 && read(ready[0], &byte, 1) == 1);
  struct writer writers[OPEN] = {{-1, NULL, 0}, {-1, NULL, 0}, {-1, NULL, 0}};
  for (int round = 0; round < ROUNDS; ++round) {
    struct writer* const one = &writers[draw(OPEN)];
    if (one->fd < 0) open_one(one);
    for (int left = (int)draw(6); left > 0; --left) write_some(&writers[draw(OPEN)]);
    look();
    if (draw(20) == 0) truncate_one(round);
    if (draw(3) == 0 && one->fd >= 0) {
      must(close(one->fd) == 0);
      one->fd = -1;
    }
  }
  must(kill(swapper, SIGKILL) == 0 && waitpid(swapper, NULL, 0) == swapper);
  compare();
  /* Between two renames there is one directory fewer, and a name that stands for none yet. */
  rename("away", access("here", F_OK) != 0 ? "here" : "there");
  unlink("new");
  must(unlink("link") == 0 && symlink("here/one", "link") == 0);
  say("%d entries, %d, %d\n", entries("."), entries("here"), entries("there"));
  return 0;
}
