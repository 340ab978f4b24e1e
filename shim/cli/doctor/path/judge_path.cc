#include "shim/cli/doctor/path/judge_path.h"

#include <fmt/format.h>
#include <linux/magic.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "shim/cli/doctor/machine/judge_machine.h"
#include "shim/system/file_system_type.h"

namespace seqshim {
namespace {

using Kind = Place::Kind;

Finding blocking(Finding finding, std::string blocker) {
  finding.blocker = std::move(blocker);
  return finding;
}
Finding leaving(Finding finding, const std::string& why) {
  return blocking(std::move(finding), left_alone(why));
}
Finding forbidding(Finding finding, const std::string& why) {
  return blocking(std::move(finding), unwritable(why));
}

bool in_memory(const PathFacts& facts) {
  return sys::lives_in_memory(facts.type) ||
         (facts.mount && kind_of_mount(facts.mount->type) == MountKind::kMemory);
}

bool is_tried(const PathFacts& facts) {
  return facts.trial.rung != Rung::kUndecided && !facts.trial.too_full;
}

// The path -----------------------------------------------------------------------------------

std::string trial_file(const WriteTrial& trial) {
  switch (trial.file) {
    case WriteTrial::File::kUnnamed:
      return "; a file was made there (O_TMPFILE), and is gone again";
    case WriteTrial::File::kUnlinked:
      return "; a temporary file was made there, and is gone again";
    case WriteTrial::File::kNone:
      break;
  }
  return {};
}

Finding judge_place(const PathFacts& facts) {
  const Place& place = facts.place;
  switch (place.kind) {
    case Kind::kUnreachable:
      return blocking(problem("path", place.trouble), "can't be reached: " + place.trouble);
    case Kind::kOther:
      return leaving(problem("path", place.trouble, "only regular files are cached"),
                     "it is " + place.trouble);
    case Kind::kDirectory:
      return ok("path", "a directory" + trial_file(facts.trial));
    case Kind::kFile:
      return ok("path", fmt::format("a file of {} in {}", size_in_words(place.facts.st_size),
                                    place.directory) +
                            trial_file(facts.trial));
    case Kind::kNothing:
      break;
  }
  const std::string fact = "no such file yet, in " + place.directory + trial_file(facts.trial);
  if (facts.may_be_command)
    return note("path", fact, "", "if the command is meant: seqshim doctor -- " + place.given);
  return ok("path", fact);
}

/// Of a file that is there.
void judge_file(const PathFacts& facts, Findings& findings) {
  const Place& place = facts.place;
  if (place.immutable)
    findings.push_back(forbidding(problem("file", "immutable", "nobody can write it", "chattr -i"),
                                  "it is immutable"));
  if (place.is_swap)
    findings.push_back(forbidding(problem("file", "in use as swap"), "it is in use as swap"));
  if (place.append_only && facts.appends)
    findings.push_back(
        note("file", "append-only", "SEQSHIM_APPEND=1 promises that it has no other writer"));
  if (place.append_only && !facts.appends)
    findings.push_back(
        leaving(problem("file", "append-only", "files opened with O_APPEND are left to the kernel",
                        "SEQSHIM_APPEND=1, if it has no other writer"),
                "it can only be appended to"));
  if (!place.writable && !place.immutable && !facts.read_only)
    findings.push_back(forbidding(problem("file", "you may not write it"), "you may not"));
  if (!place.lock.empty())
    findings.push_back(leaving(problem("file", place.lock + " is on it",
                                       "processes coordinate by locks, so it is left to them"),
                               "it is locked"));
  if (place.compressed)
    findings.push_back(note("file", "compressed", "the kernel may buffer what is written direct"));
}

/// Where there is none, a file must be made.
void judge_directory(const PathFacts& facts, Findings& findings) {
  if (facts.trial.file != WriteTrial::File::kNone || facts.read_only) return;
  if (facts.mount && kind_of_mount(facts.mount->type) == MountKind::kKernel) return;
  const std::string fact = "no file can be made there: " + error_text(facts.trial.make_error);
  if (facts.place.kind == Kind::kFile)
    findings.push_back(note("directory", fact, "so writing could not be tried"));
  else
    findings.push_back(forbidding(problem("directory", fact), "no file can be made there"));
}

void judge_patterns(const PathFacts& facts, Findings& findings) {
  if (facts.patterns.empty()) return;
  const PatternDecision& decision = facts.decision;
  const bool directory = facts.place.kind == Kind::kDirectory;
  if (directory && (decision.pattern.empty() || !decision.managed)) {
    findings.push_back(note("pattern", "it depends on the file's name whether one matches", "",
                            fmt::format("ask of a file: {}/NAME", facts.place.given)));
  } else if (decision.managed) {
    findings.push_back(ok("pattern", fmt::format("'{}' matches {}", decision.pattern,
                                                 directory ? "any file there" : facts.place.name)));
  } else if (decision.pattern.empty()) {
    findings.push_back(leaving(problem("pattern", "none matches " + facts.place.name, "",
                                       "quote it, lest the shell expand it"),
                               "no pattern matches it"));
  } else {
    findings.push_back(leaving(
        problem("pattern", fmt::format("'{}' excludes {}", decision.pattern, facts.place.name)),
        "a pattern excludes it"));
  }
}

// The file system ----------------------------------------------------------------------------

std::string mounted(const PathFacts& facts) {
  if (!facts.mount)
    return fmt::format("of type {:#x}, on a mount that /proc doesn't show", facts.type);
  return fmt::format("{} on {}, mounted at {} ({})", facts.mount->type, facts.mount->source,
                     facts.mount->place, facts.mount->options);
}

Finding judge_file_system(const PathFacts& facts) {
  constexpr const char* kSubject = "file system";
  const std::string fact = mounted(facts);
  if (in_memory(facts))
    return leaving(note(kSubject, fact, "memory is its storage: there is no disk to go to"),
                   "its storage is memory");
  switch (facts.mount ? kind_of_mount(facts.mount->type) : MountKind::kDisk) {
    case MountKind::kKernel:
      return forbidding(problem(kSubject, fact, "it is the kernel's own, and stores nothing"),
                        "its file system stores nothing");
    case MountKind::kNetwork:
      return note(kSubject, fact,
                  "direct goes past this machine's page cache; the server may have one of its own, "
                  "and a quota there can't be asked");
    case MountKind::kFuse:
      return note(kSubject, fact,
                  "direct goes past the page cache to the process that serves it, which does what "
                  "it likes; a quota there can't be asked");
    case MountKind::kOverlay:
      return note(kSubject, fact,
                  "the file system below decides; the ragged ends of a file, 64 KiB at most, may "
                  "stay in the page cache");
    default:
      return ok(kSubject, fact);
  }
}

void judge_options(const PathFacts& facts, Findings& findings) {
  constexpr const char* kSubject = "mounted";
  const auto has = [&](std::string_view option) {
    return facts.mount && facts.mount->has_option(option);
  };
  if (facts.read_only)
    findings.push_back(forbidding(
        problem(kSubject, "read-only (ro)", "nobody can write there", "mount -o remount,rw"),
        "its file system is read-only"));
  if (has("data=journal"))
    findings.push_back(note(kSubject, "data=journal",
                            "everything goes through the journal, and so through the page cache",
                            "data=ordered, the default, lets files go direct"));
  if (has("sync"))
    findings.push_back(
        note(kSubject, "sync", "each write waits for the disk: large ones are fewer"));
  if (has("dax") || has("dax=always"))
    findings.push_back(note(kSubject, "dax", "there is no page cache to go past"));
}

// Direct or not ------------------------------------------------------------------------------

std::string pages_text(const WriteTrial& trial) {
  if (trial.pages_left < 0) return "the kernel won't say what is cached of it";
  const size_t pages = trial.piece / static_cast<size_t>(getpagesize());
  return fmt::format("{} of its {} pages are cached ({})", trial.pages_left, pages,
                     trial.by_cachestat ? "cachestat" : "mincore");
}

/// Why the first rung wasn't taken.
std::string refusal(const WriteTrial& trial) {
  if (trial.open_error != 0) return "refused: " + error_text(trial.open_error);
  if (trial.alignment_known && trial.offset_alignment == 0)
    return "none for its files, the kernel says (statx)";
  if (trial.direct_error != 0)
    return "its first write was refused: " + error_text(trial.direct_error);
  if (trial.direct_bytes > 0) return "taken, but buffered: " + pages_text(trial);
  return "no second descriptor could be had";
}

std::string what_instead(Rung rung) {
  switch (rung) {
    case Rung::kDontCache:
      return "pieces go through the page cache, and the kernel drops them once they are on the "
             "disk (RWF_DONTCACHE)";
    case Rung::kDropBehind:
      return "pieces go through the page cache, and the shim has them written back and dropped";
    default:
      return "nothing can be dropped from the page cache: it is the storage, and files are left to "
             "the kernel";
  }
}

Finding judge_direct(const PathFacts& facts) {
  constexpr const char* kSubject = "O_DIRECT";
  const WriteTrial& trial = facts.trial;
  if (trial.write_error != 0)
    return problem(kSubject, "a write failed: " + error_text(trial.write_error));
  if (trial.too_full) return note(kSubject, "not tried: too little space is left");
  if (trial.rung == Rung::kUndecided) return note(kSubject, "not tried");
  if (trial.rung == Rung::kDirect)
    return ok(kSubject, fmt::format("yes: {} written direct, and {}",
                                    size_in_words(trial.direct_bytes), pages_text(trial)));
  Finding finding = note(kSubject, refusal(trial), what_instead(trial.rung));
  return trial.rung == Rung::kPlain ? leaving(finding, "its storage is memory") : finding;
}

/// The kernel may say so of the file itself, and not of a new one beside it.
bool refuses_direct(const PathFacts& facts) {
  return facts.direct_alignment.has_value() && *facts.direct_alignment == 0;
}

/// What is appended goes direct only where a large write is made as one.
bool appends_direct(const PathFacts& facts) {
  return facts.type == EXT4_SUPER_MAGIC || facts.type == sys::kXfs;
}

/// The rung that the trial stood on; for a file that stands lower than a new one, the next.
Rung rung_of(const PathFacts& facts) {
  if (!is_tried(facts)) return Rung::kUndecided;
  const bool lower = refuses_direct(facts) || (facts.place.append_only && !appends_direct(facts));
  if (facts.trial.rung != Rung::kDirect || !lower) return facts.trial.rung;
  return facts.trial.dontcache_error == 0 ? Rung::kDontCache : Rung::kDropBehind;
}

Finding judge_alignment(const PathFacts& facts) {
  const WriteTrial& trial = facts.trial;
  std::string fact =
      trial.alignment_known
          ? fmt::format("{}, in memory {} (statx)", trial.offset_alignment, trial.memory_alignment)
          : "the kernel doesn't say";
  if (facts.logical_block != 0) fact += fmt::format("; logical block {}", facts.logical_block);
  return ok("alignment", fact, fmt::format("pieces are aligned to {}", trial.unit));
}

Finding judge_dontcache(const WriteTrial& trial) {
  if (trial.dontcache_error == 0) return ok("RWF_DONTCACHE", "taken", "it comes below direct");
  return ok("RWF_DONTCACHE", "refused: " + error_text(trial.dontcache_error),
            "below direct comes drop-behind");
}

bool reservations_hold(const PathFacts& facts) {
  return facts.type == EXT4_SUPER_MAGIC || facts.type == sys::kXfs;
}

Finding judge_reservation(const PathFacts& facts) {
  if (facts.trial.reserve_error != 0)
    return note("reservation", "none: " + error_text(facts.trial.reserve_error),
                "when the disk is nearly full, files are left to the kernel");
  return ok("reservation", "to be had (fallocate)",
            reservations_hold(facts)
                ? "files are cached on while a disk fills up"
                : "but a write may need more here, so on a nearly full disk files are left to the "
                  "kernel");
}

Finding judge_sharing(const WriteTrial& trial) {
  if (trial.share_error == 0)
    return ok("reflink", "to be had (FICLONE)", "copies share blocks, and write nothing");
  return ok("reflink", "none", "copies are written like any other bytes");
}

// Space --------------------------------------------------------------------------------------

/// `left` of the disk or of a quota.
Finding judge_room(const PathFacts& facts, const char* subject, uint64_t left, std::string fact) {
  const std::string margin = size_in_words(facts.margin);
  if (left >= facts.margin + facts.piece)
    return ok(subject, std::move(fact), fmt::format("far from the {} where care begins", margin));
  const std::string advice = "make room, beyond " + margin;
  if (facts.trial.space_reserved)
    return note(subject, std::move(fact),
                fmt::format("less than {}: space is reserved before bytes are accepted, and what "
                            "others have open as well is left to the kernel",
                            margin),
                advice);
  return leaving(
      problem(subject, std::move(fact),
              fmt::format("less than {}: the kernel is to say what still fits", margin), advice),
      fmt::format("there is less than {} to be had", margin));
}

void judge_space(const PathFacts& facts, Findings& findings) {
  findings.push_back(judge_room(
      facts, "space", facts.left,
      fmt::format("{} of {} left", size_in_words(facts.left), size_in_words(facts.total))));
  if (facts.inodes > 0 && facts.inodes_left == 0 && facts.place.kind != Kind::kFile)
    findings.push_back(
        forbidding(problem("space", "no inode is left"), "there is no inode for another file"));
  if (facts.quota_left == UINT64_MAX)
    findings.push_back(ok("quota", "none applies"));
  else
    findings.push_back(judge_room(facts, "quota", facts.quota_left,
                                  facts.quota_left == 0
                                      ? "used up, or of a kind that can't be asked"
                                      : size_in_words(facts.quota_left) + " left"));
}

// Together -----------------------------------------------------------------------------------

void judge_storage(const PathFacts& facts, Findings& findings) {
  findings.push_back(judge_file_system(facts));
  judge_options(facts, findings);
  judge_directory(facts, findings);
  if (in_memory(facts) || facts.read_only || facts.place.kind == Kind::kUnreachable) return;
  if (facts.mount && kind_of_mount(facts.mount->type) == MountKind::kKernel) return;
  findings.push_back(judge_direct(facts));
  if (rung_of(facts) != facts.trial.rung && is_tried(facts))
    findings.push_back(note("file",
                            refuses_direct(facts) ? "no direct I/O for it, the kernel says (statx)"
                                                  : "what is appended doesn't go direct here",
                            what_instead(rung_of(facts))));
  if (is_tried(facts)) {
    if (facts.trial.rung == Rung::kDirect) findings.push_back(judge_alignment(facts));
    findings.push_back(judge_dontcache(facts.trial));
    findings.push_back(judge_reservation(facts));
    findings.push_back(judge_sharing(facts.trial));
  }
  judge_space(facts, findings);
}

std::string subject_of(const Place& place) {
  return place.kind == Kind::kDirectory ? "A file in " + place.given : place.given;
}

std::string verdict_of(const Diagnosis& diagnosis, const PathFacts& facts) {
  const std::string who = subject_of(facts.place);
  const Rung rung = rung_of(facts);
  if (const std::string blocker = first_blocker(diagnosis.findings); !blocker.empty())
    return fmt::format("{} {}.", who, blocker);
  if (facts.trial.write_error != 0)
    return fmt::format("{} {}.", who, unwritable(error_text(facts.trial.write_error)));
  switch (rung) {
    case Rung::kDirect:
      return fmt::format("{} would be written direct, in pieces of {} aligned to {}.", who,
                         size_in_words(facts.piece), facts.trial.unit);
    case Rung::kDontCache:
      return fmt::format(
          "{} would go through the page cache in pieces of {}, and leave it once "
          "written (dontcache).",
          who, size_in_words(facts.piece));
    case Rung::kDropBehind:
      return fmt::format(
          "{} would go through the page cache in pieces of {}, and be dropped "
          "behind (drop-behind).",
          who, size_in_words(facts.piece));
    default:
      return fmt::format("Whether {} would be written direct could not be tried.", who);
  }
}

}  // namespace

Diagnosis diagnose_path(const PathFacts& path, const MachineFacts& machine) {
  Diagnosis diagnosis;
  diagnosis.subject = path.place.given;
  diagnosis.piece = path.piece;
  Findings& findings = diagnosis.findings;
  findings.push_back(judge_place(path));
  if (path.place.kind == Kind::kFile) judge_file(path, findings);
  const bool storable = path.place.kind != Kind::kUnreachable && path.place.kind != Kind::kOther;
  if (storable) {
    judge_patterns(path, findings);
    judge_storage(path, findings);
    for (Finding& finding : judge_limits(machine)) findings.push_back(std::move(finding));
    for (Finding& finding : judge_machine(machine)) findings.push_back(std::move(finding));
  }
  diagnosis.verdict = verdict_of(diagnosis, path);
  const bool free = first_blocker(findings).empty() && path.trial.write_error == 0;
  if (free && is_tried(path)) {
    diagnosis.way = name_of(rung_of(path));
    diagnosis.unit = rung_of(path) == Rung::kDirect ? path.trial.unit : 0;
  }
  diagnosis.exit_code = free && rung_of(path) == Rung::kDirect ? 0 : 1;
  return diagnosis;
}

}  // namespace seqshim
