#include "shim/cli/doctor/command/judge_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>

#include "shim/cli/doctor/command/ways.h"

namespace seqshim {
namespace {

/// They are the same in all programs, and have what others do for them counted there.
bool is_of_the_system(std::string_view library) {
  for (const std::string_view start :
       {"libc.so.", "ld-linux", "libpthread.so.", "libdl.so.", "libm.so.", "librt.so.",
        "libutil.so.", "libresolv.so.", "libgcc_s.so.", "libstdc++.so.", "linux-vdso"}) {
    if (library.starts_with(start)) return true;
  }
  return false;
}

/// The first few, and how many there are besides.
std::string joined(const std::vector<std::string>& words, size_t most = 6) {
  std::string text;
  // One more isn't worth the words that would stand for it.
  const size_t shown = words.size() <= most + 1 ? words.size() : most;
  for (size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + words[i];
  if (shown < words.size()) text += fmt::format(" and {} more", words.size() - shown);
  return text;
}

/// Who goes one way: the functions by which the program does, and the libraries that do.
struct Users {
  std::vector<std::string> functions;
  std::vector<std::string> libraries;

  bool none() const { return functions.empty() && libraries.empty(); }
  std::string text() const {
    constexpr size_t kMostLibraries = 3;
    const std::string others = joined(libraries, kMostLibraries);
    if (functions.empty()) return "by " + others;
    return libraries.empty() ? joined(functions)
                             : fmt::format("{}; and by {}", joined(functions), others);
  }
};

/// Of C++ names, which are long, what they stand for.
std::string short_name(const std::string& function) {
  if (!function.starts_with("_Z")) return function;
  return way_of(function) == Way::kThread ? "std::thread" : "C++ streams";
}

Users users_of(const CommandFacts& facts, Way way) {
  Users users;
  const auto goes = [way](const std::string& function) { return way_of(function) == way; };
  std::set<std::string> functions;
  for (const std::string& function : facts.program->imports)
    if (goes(function)) functions.insert(short_name(function));
  users.functions.assign(functions.begin(), functions.end());
  for (const LinkedLibrary& library : facts.libraries) {
    const std::vector<std::string>& imports = library.object.imports;
    if (!is_of_the_system(library.name) && std::any_of(imports.begin(), imports.end(), goes))
      users.libraries.push_back(library.name);
  }
  return users;
}

/// What it has of io_uring's library in itself shows as long as it isn't stripped.
Users users_of_rings(const CommandFacts& facts) {
  Users users = users_of(facts, Way::kRing);
  for (const std::string& function : facts.program->functions) {
    if (way_of(function) == Way::kRing && users.functions.size() < 3)
      users.functions.push_back(function);
  }
  return users;
}

// How it gets there ----------------------------------------------------------------------------

Finding judge_program(const CommandFacts& facts) {
  std::string chain = facts.by_env ? "env -> " + facts.target.path : facts.target.path;
  for (const std::string& interpreter : facts.target.interpreters) chain += " -> " + interpreter;
  if (!facts.program)
    return note("program", chain, "it can't be read, so nothing more is known of it");
  return ok("program", chain, "dynamically linked, for this machine and this C library");
}

Finding judge_linking(const CommandFacts& facts) {
  std::vector<std::string> found, missing;
  for (const LinkedLibrary& library : facts.libraries)
    (library.object.path.empty() ? missing : found).push_back(library.name);
  if (!missing.empty())
    return problem("libraries", "not found: " + joined(missing, missing.size()),
                   "the program won't start",
                   "install them, or name their directory in LD_LIBRARY_PATH");
  return ok("libraries", fmt::format("{}: {}", found.size(), joined(found)));
}

// What it writes by ----------------------------------------------------------------------------

void judge_writing(const CommandFacts& facts, Findings& findings) {
  const Users calls = users_of(facts, Way::kCall), streams = users_of(facts, Way::kStream),
              copies = users_of(facts, Way::kCopy), splices = users_of(facts, Way::kSplice);
  if (!calls.none()) findings.push_back(ok("system calls", calls.text(), "seen"));
  if (!streams.none())
    findings.push_back(ok("stdio", streams.text(), "seen where they reach the kernel"));
  if (!copies.none())
    findings.push_back(ok("copies", copies.text(),
                          "seen; where blocks can be shared, the file "
                          "system does it"));
  if (!splices.none())
    findings.push_back(note("splice", splices.text(),
                            "what it moves so from a pipe goes through the page cache",
                            "its option against that, as pv's --no-splice"));
  if (calls.none() && streams.none() && copies.none() && splices.none())
    findings.push_back(note("writes", "nothing that it imports writes files"));
}

void judge_aside(const CommandFacts& facts, Findings& findings) {
  const auto add = [&](Way way, const char* subject, const char* meaning, const char* advice = "") {
    const Users users = users_of(facts, way);
    if (!users.none()) findings.push_back(note(subject, users.text(), meaning, advice));
  };
  add(Way::kAsync, "asynchronous", "seen, and a file that is written so is left to the kernel");
  add(Way::kMapping, "mappings", "a file that is mapped to be written is left to the kernel");
  add(Way::kLock, "locks", "a file that it locks is left to the kernel");
  add(Way::kSandbox, "sandbox", "once it restricts its own system calls, nothing is cached");
  add(Way::kRaw, "syscall()", "seen, as long as libc's function is used");
  add(Way::kThread, "threads", "each write costs two light system calls more");
  add(Way::kProgram, "programs", "what it starts is reached as well, if it can be",
      "ask about those, too");
  add(Way::kPlugin, "plug-ins", "what it loads at run time isn't looked at");
}

void judge_unseen(const CommandFacts& facts, Findings& findings) {
  if (!facts.target.warning.empty())
    findings.push_back(problem("Go", "its own code makes system calls itself",
                               "what that writes isn't seen, only what goes through libc"));
  if (const Users rings = users_of_rings(facts); !rings.none())
    findings.push_back(problem("io_uring", rings.text(), "what is written so isn't seen",
                               "have the program use another engine"));
  findings.push_back(
      note("not told",
           "O_APPEND, O_DIRECT, O_SYNC, locks by fcntl, mappings, writes here and there; system "
           "calls by instructions of its own",
           "they show when it runs",
           "seqshim -m PATTERN --report -- ..., which says why a file was handed back"));
}

std::string verdict_of(const CommandFacts& facts) {
  if (facts.target.exit_code != 0) return facts.target.problem + ".";
  if (!facts.program)
    return fmt::format("{} can be run; whether it is reached can't be told.", facts.given);
  if (!facts.target.warning.empty())
    return fmt::format("{} is reached only in part: Go's own code isn't.", facts.given);
  if (!users_of_rings(facts).none())
    return fmt::format("{} is reached, but not what it writes by io_uring.", facts.given);
  constexpr Way kWriting[] = {Way::kCall, Way::kStream, Way::kCopy, Way::kSplice};
  const bool writes = std::any_of(std::begin(kWriting), std::end(kWriting),
                                  [&](Way way) { return !users_of(facts, way).none(); });
  return writes ? fmt::format("{} is reached: all that it imports for writing files is seen.",
                              facts.given)
                : fmt::format("{} is reached, and imports nothing that writes files.", facts.given);
}

}  // namespace

Diagnosis diagnose_command(const CommandFacts& facts) {
  Diagnosis diagnosis;
  diagnosis.subject = facts.given;
  diagnosis.exit_code = facts.target.exit_code;
  diagnosis.verdict = verdict_of(facts);
  Findings& findings = diagnosis.findings;
  if (facts.target.exit_code != 0) {
    findings.push_back(problem("program", facts.target.problem));
    return diagnosis;
  }
  findings.push_back(judge_program(facts));
  if (!facts.program) return diagnosis;
  findings.push_back(judge_linking(facts));
  judge_writing(facts, findings);
  judge_aside(facts, findings);
  judge_unseen(facts, findings);
  return diagnosis;
}

}  // namespace seqshim
