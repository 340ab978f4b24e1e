// A file system that shows a directory, and fails on request.
//
//   faulty_fs DIRECTORY FAULTS MOUNT_POINT [--refuse-direct] [--odd-buffers]
//
// --refuse-direct: no file opens with O_DIRECT (EINVAL). --odd-buffers: what is written on a
// description with O_DIRECT goes on from an address that isn't aligned, so that the file system
// below refuses it, though the file was opened.
//
// FAULTS is a file that is read again whenever it has changed, one fault a line:
//
//   NAME CALL FROM TO WHAT TIMES
//
// A CALL (write, direct: a write on a description with O_DIRECT, fsync, flush) for a file of that
// NAME which touches [FROM, TO) fails with the errno WHAT, or, if WHAT is short:N, writes N bytes;
// the first TIMES times (-1: always). A flush, which is what close does, fails only if there have
// been writes on its description since the last one.
#define FUSE_USE_VERSION 31
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse3/fuse.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

std::string root;
bool refuse_direct = false;
bool odd_buffers = false;

// Faults

struct Fault {
  std::string name, call;
  int64_t from = 0, to = 0;
  int error = 0;
  size_t shortened_to = 0;
  int64_t times = 0;
};

class Faults {
 public:
  void read_from(const std::string& path) { path_ = path; }

  /// The fault that this call meets, if any; it counts.
  const Fault* meet(const std::string& name, const std::string& call, int64_t from, int64_t to) {
    refresh();
    for (Fault& fault : all_) {
      if (fault.name != name || fault.call != call || fault.times == 0) continue;
      if (from >= fault.to || to <= fault.from) continue;
      if (fault.times > 0) --fault.times;
      return &fault;
    }
    return nullptr;
  }

 private:
  void refresh() {
    std::ifstream file(path_);
    std::stringstream text;
    text << file.rdbuf();
    if (text.str() == read_) return;
    read_ = text.str();
    all_.clear();
    Fault fault;
    std::string what;
    while (text >> fault.name >> fault.call >> fault.from >> fault.to >> what >> fault.times) {
      const bool is_short = what.rfind("short:", 0) == 0;
      fault.error = is_short ? 0 : std::atoi(what.c_str());
      fault.shortened_to = is_short ? std::strtoull(what.c_str() + 6, nullptr, 10) : 0;
      all_.push_back(fault);
    }
  }

  std::string path_, read_;
  std::vector<Fault> all_;
} faults;

// One open file

struct Handle {
  int fd;
  bool direct;
  std::string name;
  bool written = false;
};

Handle* handle_of(fuse_file_info* info) { return reinterpret_cast<Handle*>(info->fh); }
std::string at(const char* path) { return root + path; }
int outcome(long result) { return result < 0 ? -errno : 0; }

int open_handle(const char* path, int flags, mode_t mode, fuse_file_info* info) {
  const bool direct = (flags & O_DIRECT) != 0;
  if (direct && refuse_direct) return -EINVAL;
  // What the kernel cares for above is not repeated below; reading is needed to fill pages.
  flags &= ~O_APPEND;
  if ((flags & O_ACCMODE) == O_WRONLY) flags = (flags & ~O_ACCMODE) | O_RDWR;
  if (!odd_buffers) flags &= ~O_DIRECT;
  int fd = open(at(path).c_str(), flags, mode);
  if (fd < 0 && errno == EACCES) fd = open(at(path).c_str(), (flags & ~O_ACCMODE) | O_WRONLY, mode);
  if (fd < 0) return -errno;
  info->fh = reinterpret_cast<uint64_t>(new Handle{fd, direct, strrchr(path, '/') + 1, false});
  return 0;
}

int do_open(const char* path, fuse_file_info* info) {
  return open_handle(path, info->flags, 0, info);
}

int do_create(const char* path, mode_t mode, fuse_file_info* info) {
  return open_handle(path, info->flags, mode, info);
}

int do_release(const char*, fuse_file_info* info) {
  close(handle_of(info)->fd);
  delete handle_of(info);
  return 0;
}

int do_read(const char*, char* target, size_t bytes, off_t offset, fuse_file_info* info) {
  const Handle* const handle = handle_of(info);
  if (!odd_buffers || !handle->direct) {
    const ssize_t count = pread(handle->fd, target, bytes, offset);
    return count < 0 ? -errno : static_cast<int>(count);
  }
  return -EIO;  // nobody reads by such a description here
}

int do_write(const char*, const char* source, size_t bytes, off_t offset, fuse_file_info* info) {
  Handle* const handle = handle_of(info);
  const char* const call = handle->direct ? "direct" : "write";
  if (const Fault* const fault =
          faults.meet(handle->name, call, offset, offset + static_cast<int64_t>(bytes))) {
    if (fault->error != 0) return -fault->error;
    bytes = std::min(bytes, fault->shortened_to);
  }
  handle->written = true;
  std::vector<char> odd;
  if (odd_buffers && handle->direct) {
    odd.resize(bytes + 4096);
    const size_t shift = (4097 - reinterpret_cast<uintptr_t>(odd.data()) % 4096) % 4096;
    std::copy_n(source, bytes, odd.data() + shift);
    source = odd.data() + shift;
  }
  const ssize_t count = pwrite(handle->fd, source, bytes, offset);
  return count < 0 ? -errno : static_cast<int>(count);
}

int do_fsync(const char*, int data_only, fuse_file_info* info) {
  const Handle* const handle = handle_of(info);
  if (const Fault* const fault = faults.meet(handle->name, "fsync", 0, INT64_MAX))
    return -fault->error;
  return outcome(data_only != 0 ? fdatasync(handle->fd) : fsync(handle->fd));
}

int do_flush(const char*, fuse_file_info* info) {
  if (!std::exchange(handle_of(info)->written, false)) return 0;
  const Fault* const fault = faults.meet(handle_of(info)->name, "flush", 0, INT64_MAX);
  return fault != nullptr ? -fault->error : 0;
}

int do_fallocate(const char*, int mode, off_t offset, off_t bytes, fuse_file_info* info) {
  return outcome(fallocate(handle_of(info)->fd, mode, offset, bytes));
}

off_t do_lseek(const char*, off_t offset, int whence, fuse_file_info* info) {
  const off_t result = lseek(handle_of(info)->fd, offset, whence);
  return result < 0 ? -errno : result;
}

// By path, or by a file that may have none any more

int do_getattr(const char* path, struct stat* facts, fuse_file_info* info) {
  return outcome(info != nullptr ? fstat(handle_of(info)->fd, facts)
                                 : lstat(at(path).c_str(), facts));
}

int do_truncate(const char* path, off_t size, fuse_file_info* info) {
  return outcome(info != nullptr ? ftruncate(handle_of(info)->fd, size)
                                 : truncate(at(path).c_str(), size));
}

int do_utimens(const char* path, const timespec times[2], fuse_file_info* info) {
  return outcome(info != nullptr
                     ? futimens(handle_of(info)->fd, times)
                     : utimensat(AT_FDCWD, at(path).c_str(), times, AT_SYMLINK_NOFOLLOW));
}

int do_chmod(const char* path, mode_t mode, fuse_file_info* info) {
  return outcome(info != nullptr ? fchmod(handle_of(info)->fd, mode)
                                 : chmod(at(path).c_str(), mode));
}

int do_chown(const char* path, uid_t user, gid_t group, fuse_file_info* info) {
  return outcome(info != nullptr ? fchown(handle_of(info)->fd, user, group)
                                 : lchown(at(path).c_str(), user, group));
}

int do_readlink(const char* path, char* target, size_t bytes) {
  const ssize_t length = readlink(at(path).c_str(), target, bytes - 1);
  if (length < 0) return -errno;
  target[length] = '\0';
  return 0;
}

int do_opendir(const char* path, fuse_file_info* info) {
  DIR* const directory = opendir(at(path).c_str());
  info->fh = reinterpret_cast<uint64_t>(directory);
  return directory != nullptr ? 0 : -errno;
}

int do_readdir(const char*, void* target, fuse_fill_dir_t fill, off_t, fuse_file_info* info,
               fuse_readdir_flags) {
  DIR* const directory = reinterpret_cast<DIR*>(info->fh);
  rewinddir(directory);
  while (const dirent* const entry = readdir(directory))
    fill(target, entry->d_name, nullptr, 0, fuse_fill_dir_flags{});
  return 0;
}

int do_releasedir(const char*, fuse_file_info* info) {
  return outcome(closedir(reinterpret_cast<DIR*>(info->fh)));
}

int do_mknod(const char* path, mode_t mode, dev_t device) {
  return outcome(mknod(at(path).c_str(), mode, device));
}
int do_mkdir(const char* path, mode_t mode) { return outcome(mkdir(at(path).c_str(), mode)); }
int do_unlink(const char* path) { return outcome(unlink(at(path).c_str())); }
int do_rmdir(const char* path) { return outcome(rmdir(at(path).c_str())); }
int do_symlink(const char* to, const char* path) { return outcome(symlink(to, at(path).c_str())); }
int do_link(const char* from, const char* to) {
  return outcome(link(at(from).c_str(), at(to).c_str()));
}
int do_rename(const char* from, const char* to, unsigned flags) {
  return outcome(renameat2(AT_FDCWD, at(from).c_str(), AT_FDCWD, at(to).c_str(), flags));
}
int do_access(const char* path, int mode) { return outcome(access(at(path).c_str(), mode)); }
int do_statfs(const char* path, struct statvfs* facts) {
  return outcome(statvfs(at(path).c_str(), facts));
}

void* do_init(fuse_conn_info*, fuse_config* config) {
  umask(0);
  // What is mounted on a disk whose image lies here must not be unmounted by us, on our way out.
  if (unshare(CLONE_NEWNS) != 0) exit(1);
  config->use_ino = 1;      // hard links stay one file
  config->hard_remove = 1;  // no hidden names
  config->nullpath_ok = 1;
  // Nothing is remembered of what the directory below may have changed meanwhile.
  config->attr_timeout = config->entry_timeout = config->negative_timeout = 0;
  return nullptr;
}

fuse_operations operations() {
  fuse_operations all{};
  all.init = do_init;
  all.getattr = do_getattr;
  all.readlink = do_readlink;
  all.mknod = do_mknod;
  all.mkdir = do_mkdir;
  all.unlink = do_unlink;
  all.rmdir = do_rmdir;
  all.symlink = do_symlink;
  all.rename = do_rename;
  all.link = do_link;
  all.chmod = do_chmod;
  all.chown = do_chown;
  all.truncate = do_truncate;
  all.open = do_open;
  all.read = do_read;
  all.write = do_write;
  all.statfs = do_statfs;
  all.flush = do_flush;
  all.release = do_release;
  all.fsync = do_fsync;
  all.opendir = do_opendir;
  all.readdir = do_readdir;
  all.releasedir = do_releasedir;
  all.access = do_access;
  all.create = do_create;
  all.utimens = do_utimens;
  all.fallocate = do_fallocate;
  all.lseek = do_lseek;
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    fprintf(stderr,
            "usage: faulty_fs DIRECTORY FAULTS MOUNT_POINT [--refuse-direct] [--odd-buffers]\n");
    return 2;
  }
  root = argv[1];
  faults.read_from(argv[2]);
  for (int i = 4; i < argc; ++i) {
    refuse_direct = refuse_direct || strcmp(argv[i], "--refuse-direct") == 0;
    odd_buffers = odd_buffers || strcmp(argv[i], "--odd-buffers") == 0;
  }
  // Goes to the background once it is mounted; one thread, so that faults come in order.
  const char* const words[] = {argv[0], "-s", "-o", "default_permissions,allow_other,dev,suid",
                               argv[3]};
  const fuse_operations all = operations();
  return fuse_main(5, const_cast<char**>(words), &all, nullptr);
}
