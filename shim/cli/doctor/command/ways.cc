#include "shim/cli/doctor/command/ways.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace seqshim {
namespace {

const std::set<std::string_view>& interposed() {
  // Each by its name alone.
#define THIN(name, number) #name,
#define FULL(name) #name,
#define APART(name) #name,
#define OUTSIDE(name) #name,
#define TWIN(name, of) #name,
  static const std::set<std::string_view> names = {
#include "shim/interpose/catalogue.def"
  };
#undef THIN
#undef FULL
#undef APART
#undef OUTSIDE
#undef TWIN
  return names;
}

struct Functions {
  Way way;
  std::string_view names;  // blanks between them
};

constexpr std::array kFunctions = {
    Functions{Way::kCall,
              "write __write pwrite pwrite64 __pwrite64 writev pwritev pwritev64 pwritev2 "
              "pwritev64v2 dprintf vdprintf __dprintf_chk __vdprintf_chk"},
    Functions{Way::kStream,
              "fwrite fwrite_unlocked fputs fputs_unlocked fputc fputc_unlocked putc putc_unlocked "
              "_IO_putc putw puts putchar putchar_unlocked __overflow __woverflow "
              "fprintf vfprintf printf vprintf __fprintf_chk __vfprintf_chk __printf_chk "
              "__vprintf_chk fputwc fputwc_unlocked putwc putwc_unlocked putwchar fputws "
              "fputws_unlocked fwprintf vfwprintf wprintf vwprintf __fwprintf_chk __vfwprintf_chk "
              "__wprintf_chk __vwprintf_chk putpwent putgrent"},
    Functions{Way::kCopy, "sendfile sendfile64 copy_file_range"},
    Functions{Way::kSplice, "splice"},
    Functions{Way::kAsync, "aio_write aio_write64 lio_listio lio_listio64 io_submit"},
    Functions{Way::kMapping, "msync"},
    Functions{Way::kRaw, "syscall"},
    Functions{Way::kLock, "flock lockf lockf64"},
    Functions{Way::kThread, "pthread_create thrd_create GOMP_parallel"},
    Functions{Way::kProgram,
              "execve execv execvp execvpe execl execlp execle fexecve execveat posix_spawn "
              "posix_spawnp popen system"},
    Functions{Way::kPlugin, "dlopen dlmopen"},
    Functions{Way::kSandbox, "seccomp_load"},
};

const std::map<std::string_view, Way>& known_ways() {
  static const std::map<std::string_view, Way> ways = [] {
    std::map<std::string_view, Way> all;
    for (const Functions& functions : kFunctions) {
      for (std::string_view rest = functions.names; !rest.empty();) {
        const std::string_view name = rest.substr(0, rest.find(' '));
        all.emplace(name, functions.way);
        rest.remove_prefix(std::min(rest.size(), name.size() + 1));
      }
    }
    return all;
  }();
  return ways;
}

bool has(std::string_view name, std::string_view part) { return name.find(part) != name.npos; }

/// What a C++ compiler makes of threads and of streams that are written to.
Way way_of_cxx(std::string_view name) {
  if (has(name, "thread15_M_start_thread")) return Way::kThread;
  const bool stream = has(name, "basic_ofstream") || has(name, "basic_fstream") ||
                      has(name, "basic_filebuf") || has(name, "__ostream_insert") ||
                      name.starts_with("_ZNSo");
  return stream ? Way::kStream : Way::kNone;
}

}  // namespace

Way way_of(std::string_view function) {
  if (const auto known = known_ways().find(function); known != known_ways().end())
    return known->second;
  if (function.starts_with("io_uring_")) return Way::kRing;
  return function.starts_with("_Z") ? way_of_cxx(function) : Way::kNone;
}

bool is_interposed(std::string_view function) { return interposed().contains(function); }

}  // namespace seqshim
