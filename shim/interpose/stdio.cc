// Streams: a file that stdio touches is handed back before stdio does.
#include <dlfcn.h>

#include <atomic>

#include "shim/interpose/entry.h"
#include "shim/interpose/stdio_slots.h"

using namespace seqshim;

// fopen is declared to allocate; its old name need not be.
#pragma GCC diagnostic ignored "-Wmissing-attributes"

namespace {

// One function of the table, by the name under which libc exports it.
template <class Function>
struct Slot {
  const char* name;
  Function ours;
  Function theirs = nullptr;
};

ssize_t on_read(FILE* stream, void* target, ssize_t bytes);
ssize_t on_write(FILE* stream, const void* source, ssize_t bytes);
off64_t on_seek(FILE* stream, off64_t offset, int whence);
int on_close(FILE* stream);
int on_stat(FILE* stream, void* facts);

constinit Slot<ssize_t (*)(FILE*, void*, ssize_t)> read_slot{"_IO_file_read", on_read};
constinit Slot<ssize_t (*)(FILE*, const void*, ssize_t)> write_slot{"_IO_file_write", on_write};
constinit Slot<off64_t (*)(FILE*, off64_t, int)> seek_slot{"_IO_file_seek", on_seek};
constinit Slot<int (*)(FILE*)> close_slot{"_IO_file_close", on_close};
constinit Slot<int (*)(FILE*, void*)> stat_slot{"_IO_file_stat", on_stat};

/// False: the stream's number was closed under it, and is one of ours by now.
bool hand_back_stream(FILE* stream) {
  const int fd = stream->_fileno;
  return fd < 0 || passes(fd) || prepare_hand_back(fd, HandBack::kStdio);
}

ssize_t on_read(FILE* stream, void* target, ssize_t bytes) {
  if (!hand_back_stream(stream)) return fail<ssize_t>(EBADF);
  return read_slot.theirs(stream, target, bytes);
}

ssize_t on_write(FILE* stream, const void* source, ssize_t bytes) {
  if (!hand_back_stream(stream)) {
    stream->_flags |= 0x20;  // _IO_ERR_SEEN, as libc's own sets it
    errno = EBADF;
    return 0;
  }
  return write_slot.theirs(stream, source, bytes);
}

off64_t on_seek(FILE* stream, off64_t offset, int whence) {
  if (!hand_back_stream(stream)) return fail<off64_t>(EBADF);
  return seek_slot.theirs(stream, offset, whence);
}

int on_close(FILE* stream) {
  const int error = closing(stream->_fileno);
  if (error == EBADF) return fail(EBADF);
  const int result = close_slot.theirs(stream);
  return result == 0 && error != 0 ? fail(error) : result;
}

int on_stat(FILE* stream, void* facts) {
  if (!prepare(stream->_fileno, Need::kData)) return fail(EBADF);
  return stat_slot.theirs(stream, facts);
}

// The tables --------------------------------------------------------------------------------------

constexpr size_t kTableWords = 21;  // of _IO_jump_t, since glibc 2.1
constexpr size_t kTables = 2;
constinit uintptr_t* tables[kTables] = {};  // for byte streams, and for wide ones

template <class Function>
uintptr_t* place_in(uintptr_t* table, const Slot<Function>& slot) {
  uintptr_t* found = nullptr;
  for (size_t i = 0; i < kTableWords; ++i) {
    if (table[i] != reinterpret_cast<uintptr_t>(slot.theirs)) continue;
    if (found != nullptr) return nullptr;
    found = &table[i];
  }
  return found;
}

template <class Visit>
bool every_slot(Visit visit) {
  return visit(read_slot) && visit(write_slot) && visit(seek_slot) && visit(close_slot) &&
         visit(stat_slot);
}

bool complete(uintptr_t* table) {
  return every_slot([&](auto& slot) { return slot.theirs != nullptr && place_in(table, slot); });
}

bool protect(const uintptr_t* table, int protection) {
  constexpr uintptr_t kPage = 4096;
  const uintptr_t from = reinterpret_cast<uintptr_t>(table) & -kPage;
  const uintptr_t to = reinterpret_cast<uintptr_t>(table + kTableWords);
  return sys::call_with(__NR_mprotect, from, to - from, protection) == 0;
}

void replace_in(uintptr_t* table) {
  every_slot([&](auto& slot) {
    std::atomic_ref(*place_in(table, slot))
        .store(reinterpret_cast<uintptr_t>(slot.ours), std::memory_order_release);
    return true;
  });
}

}  // namespace

namespace seqshim {

void find_stdio_slots() {
  every_slot([](auto& slot) {
    slot.theirs = reinterpret_cast<decltype(slot.theirs)>(dlsym(RTLD_NEXT, slot.name));
    return true;
  });
  tables[0] = static_cast<uintptr_t*>(dlsym(RTLD_NEXT, "_IO_file_jumps"));
  tables[1] = static_cast<uintptr_t*>(dlsym(RTLD_NEXT, "_IO_wfile_jumps"));
}

bool hook_stdio_slots() {
  for (uintptr_t* const table : tables)
    if (table == nullptr || !complete(table)) return false;
  for (uintptr_t* const table : tables)
    if (!protect(table, PROT_READ | PROT_WRITE)) return false;
  for (uintptr_t* const table : tables) replace_in(table);
  for (uintptr_t* const table : tables) protect(table, PROT_READ);  // they share pages
  return true;
}

}  // namespace seqshim

// Streams that open a file by its name: O_TRUNC acts at once, and the number is a new one.

SEQSHIM_EXPORT FILE* fopen(const char* path, const char* mode) {
  prepare_path(AT_FDCWD, path, 0);
  FILE* const stream = libc().fopen(path, mode);
  if (stream != nullptr) renewed(fileno(stream));
  return stream;
}
SEQSHIM_TWIN(fopen64, fopen);
SEQSHIM_TWIN(_IO_fopen, fopen);

SEQSHIM_EXPORT FILE* fdopen(int fd, const char* mode) noexcept {
  // In append mode libc sets O_APPEND here, and what is flushed after that would land elsewhere.
  if (!prepare_hand_back(fd, HandBack::kStdio)) return fail<FILE*>(EBADF), nullptr;
  return libc().fdopen(fd, mode);
}
SEQSHIM_TWIN(_IO_fdopen, fdopen);

SEQSHIM_EXPORT FILE* freopen(const char* path, const char* mode, FILE* stream) {
  prepare_path(AT_FDCWD, path, 0);
  const int before = fileno(stream);
  FILE* const reopened = libc().freopen(path, mode, stream);
  renewed(before);  // closed, whether or not there is another
  if (reopened != nullptr) renewed(fileno(reopened));
  return reopened;
}
SEQSHIM_TWIN(freopen64, freopen);

// What writes to a descriptor inside libc, by a stream of its own or none.

SEQSHIM_EXPORT int vdprintf(int fd, const char* format, va_list arguments) {
  if (!prepare(fd, Need::kBoth)) return fail(EBADF);
  return libc().vdprintf(fd, format, arguments);
}

SEQSHIM_EXPORT int dprintf(int fd, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int result = vdprintf(fd, format, arguments);
  va_end(arguments);
  return result;
}

SEQSHIM_EXPORT int __vdprintf_chk(int fd, int flag, const char* format, va_list arguments) {
  if (!prepare(fd, Need::kBoth)) return fail(EBADF);
  return libc().__vdprintf_chk(fd, flag, format, arguments);
}

SEQSHIM_EXPORT int __dprintf_chk(int fd, int flag, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int result = __vdprintf_chk(fd, flag, format, arguments);
  va_end(arguments);
  return result;
}

SEQSHIM_EXPORT void perror(const char* message) {
  const int error = errno;
  prepare(STDERR_FILENO, Need::kBoth);
  errno = error;
  libc().perror(message);
}

SEQSHIM_EXPORT void backtrace_symbols_fd(void* const* addresses, int count, int fd) noexcept {
  if (prepare(fd, Need::kBoth)) libc().backtrace_symbols_fd(addresses, count, fd);
}
SEQSHIM_TWIN(__backtrace_symbols_fd, backtrace_symbols_fd);
