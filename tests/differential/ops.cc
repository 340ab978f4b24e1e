#include "tests/differential/ops.h"

#include "tests/differential/op_functions.h"

namespace differential {

// clang-format off
const std::vector<Op> kOps = {
    // name            arguments                                    cost             block  mixed io tree death stdio copy
    {"open",           "to path oflags mode how:16",                Cost::kNone,     false, { 90,  60,  60,  60,  15,  30}, op_open},
    {"open_temporary", "to",                                        Cost::kNone,     false, {  2,   2,   1,   0,   1,   1}, op_open_temporary},
    {"close",          "fd",                                        Cost::kNone,     false, { 40,  20,  30,  20,   5,  10}, op_close},
    {"dup",            "fd to",                                     Cost::kNone,     false, { 20,  10,  30,  10,   2,   5}, op_dup},
    {"dup2",           "fd fd how:6",                               Cost::kNone,     false, { 16,   8,  20,   8,   2,   4}, op_dup2},
    {"dup2_number",    "fd to number:12",                           Cost::kNone,     false, {  6,   3,   8,   3,   1,   1}, op_dup2_number},
    {"dup_from",       "fd to lowest:6 how:2",                      Cost::kNone,     false, {  8,   4,  10,   4,   1,   2}, op_dup_from},
    {"status_flags",   "fd set:4",                                  Cost::kNone,     false, { 12,   5,   8,   5,   1,   2}, op_status_flags},
    {"descriptor_flags","fd set:4",                                  Cost::kNone,     false, {  6,   2,   8,   2,   1,   1}, op_descriptor_flags},
    {"lock",           "fd offset type:3 how:4",                    Cost::kNone,     false, {  6,   2,   6,   0,   1,   1}, op_lock},
    {"query_lock",     "fd",                                        Cost::kNone,     false, {  4,   1,  10,   0,   1,   1}, op_query_lock},
    {"flock",          "fd kind:3",                                 Cost::kNone,     false, {  3,   1,   4,   0,   1,   1}, op_flock},
    {"close_range",    "fd last:5 flags:6",                         Cost::kNone,     false, {  5,   2,   8,   2,   1,   1}, op_close_range},
    {"close_from",     "lowest:5 how:2",                            Cost::kNone,     false, {  3,   1,   6,   1,   1,   1}, op_close_from},
    {"pass",           "fd to close:3",                             Cost::kNone,     false, {  6,   2,   8,   2,   1,   1}, op_pass},

    {"write",          "fd size",                                   Cost::kNone,     false, {160, 200, 140, 200,  50, 100}, op_write},
    {"write_aligned",  "fd blocks",                                 Cost::kNone,     false, { 20,  30,  15,  20,   7,  15}, op_write_aligned},
    {"direct_write",   "path blocks offset how:3",                  Cost::kSync,     false, {  6,   8,   3,   4,   2,   4}, op_direct_write},
    {"burst",          "fd small count",                            Cost::kNone,     false, { 50,  70,  40,  80,  17,  35}, op_burst},
    {"pwrite",         "fd size offset how:2",                      Cost::kNone,     false, { 40,  60,  25,  40,  15,  30}, op_pwrite},
    {"pwrite_burst",   "fd small count offset",                     Cost::kNone,     false, { 15,  25,  10,  15,   6,  12}, op_pwrite_burst},
    {"writev",         "fd vectors:10 size",                        Cost::kNone,     false, { 25,  35,  15,  20,   8,  17}, op_writev},
    {"pwritev",        "fd vectors:10 size offset how:2",           Cost::kNone,     false, { 12,  20,   6,  10,   5,  10}, op_pwritev},
    {"pwritev2",       "fd vectors:10 size offset how:10",          Cost::kNone,     false, { 10,  15,   6,  10,   3,   7}, op_pwritev2},
    {"syscall_write",  "fd size offset how:4",                      Cost::kNone,     false, { 12,  12,  10,  10,   3,   6}, op_syscall_write},
    {"dprintf",        "fd size",                                   Cost::kNone,     false, { 10,   8,   8,   8,  12,   4}, op_dprintf},
    {"bad_write",      "fd which:11",                               Cost::kNone,     false, { 10,  12,   4,   0,   3,   6}, op_bad_write},

    {"read",           "fd size how:3",                             Cost::kNone,     false, { 30,  45,  20,  10,  11,  22}, op_read},
    {"pread",          "fd size offset how:5",                      Cost::kNone,     false, { 30,  45,  15,  10,  11,  22}, op_pread},
    {"readv",          "fd vectors:10 size offset how:6",           Cost::kNone,     false, { 12,  20,   6,   5,   5,  10}, op_readv},
    {"read_all",       "fd",                                        Cost::kNone,     false, { 10,  12,   8,   4,   3,   6}, op_read_all},
    {"bad_read",       "fd which:6",                                Cost::kNone,     false, {  5,   6,   2,   0,   1,   3}, op_bad_read},
    {"lseek",          "fd offset whence",                          Cost::kNone,     false, { 40,  50,  25,  20,  12,  25}, op_lseek},
    {"lseek_end",      "fd small",                                  Cost::kNone,     false, { 20,  20,  20,  20,   5,  10}, op_lseek_end},
    {"tell",           "fd",                                        Cost::kNone,     false, { 15,  10,  15,   5,   2,   5}, op_tell},
    {"bad_lseek",      "fd offset:4 whence:7",                      Cost::kNone,     false, {  5,   6,   2,   0,   1,   3}, op_bad_lseek},

    {"fstat",          "fd how:8",                                  Cost::kNone,     false, { 30,  25,  15,  10,   6,  12}, op_fstat},
    {"stat",           "path how:8",                                Cost::kNone,     false, { 25,  20,  15,  10,   5,  10}, op_stat},
    {"ftruncate",      "fd offset how:3",                           Cost::kNone,     false, { 25,  30,  12,  12,   7,  15}, op_ftruncate},
    {"truncate",       "path offset how:3",                         Cost::kNone,     false, { 12,  12,   6,   6,   3,   6}, op_truncate},
    {"sync",           "fd how:8",                                  Cost::kSync,     false, {  8,   6,   5,   8,   1,   3}, op_sync},
    {"advise",         "fd offset size advice:6",                   Cost::kNone,     false, {  6,   5,   2,   2,   1,   2}, op_advise},
    {"set_times",      "fd when how:8",                             Cost::kNone,     false, { 20,   8,  12,   4,   2,   4}, op_set_times},
    {"set_path_times", "path when how:10",                          Cost::kNone,     false, { 12,   4,   8,   2,   1,   2}, op_set_path_times},
    {"chmod",          "fd path mode how:3",                        Cost::kNone,     false, {  8,   3,   4,   2,   1,   1}, op_chmod},
    {"chown",          "fd path how:3",                             Cost::kNone,     false, {  6,   2,   3,   2,   1,   1}, op_chown},
    {"attribute",      "fd path how:3",                             Cost::kNone,     false, {  3,   1,   2,   0,   1,   1}, op_attribute},
    {"link",           "path target how:4",                         Cost::kNone,     false, {  8,   3,   5,   3,   1,   1}, op_link},
    {"rename",         "path target",                               Cost::kNone,     false, {  8,   3,   5,   3,   1,   1}, op_rename},
    {"unlink",         "path",                                      Cost::kNone,     false, {  8,   3,   5,   3,   1,   1}, op_unlink},
    {"fallocate",      "fd mode:8 offset size",                     Cost::kNone,     false, {  8,   8,   3,   4,   2,   4}, op_fallocate},
    {"size_limit",     "offset how:10",                             Cost::kNone,     false, {  4,   3,   2,   2,   1,   1}, op_size_limit},

    {"sendfile",       "fd fd size offset how:8",                   Cost::kNone,     false, {  8,   8,   4,   3,   2,  40}, op_sendfile},
    {"copy_range",     "fd fd length offset offset how:16 flags:20",Cost::kNone,     false, {  8,   8,   4,   3,   2,  60}, op_copy_range},
    {"splice",         "fd fd size offset offset how:12",           Cost::kNone,     false, {  6,   6,   3,   2,   1,  30}, op_splice},
    {"splice_from_pipe","fd size offset how:4",                      Cost::kNone,     false, {  4,   5,   2,   2,   2,  20}, op_splice_from_pipe},
    {"open_source",    "to which:5",                                Cost::kNone,     false, {  4,   4,   2,   2,   2,  25}, op_open_source},
    {"clone",          "fd fd",                                     Cost::kNone,     false, {  2,   1,   1,   0,   1,   4}, op_clone},
    {"clone_range",    "fd fd length offset offset",                Cost::kNone,     false, {  2,   1,   1,   0,   0,   4}, op_clone_range},
    {"dedupe_range",   "fd fd length offset offset",                Cost::kNone,     false, {  2,   1,   1,   0,   0,   4}, op_dedupe_range},
    {"map",            "fd map:3 size offset how:6",                Cost::kNone,     false, {  8,   6,   5,   3,   1,   3}, op_map},
    {"map_store",      "fd size offset how:4",                      Cost::kNone,     false, {  8,   6,   4,   3,   1,   3}, op_map_store},
    {"map_check",      "mapping how:2",                             Cost::kNone,     false, { 10,   8,   5,   3,   2,   4}, op_map_check},

    {"fopen",          "stream:4 path smode how:3",                 Cost::kNone,     false, { 12,   6,  10,   6,  40,   1}, op_fopen},
    {"fdopen",         "stream:4 fd smode",                         Cost::kNone,     false, { 10,   5,   8,   5,  30,   1}, op_fdopen},
    {"tmpfile",        "stream:4",                                  Cost::kNone,     false, {  1,   1,   1,   0,   4,   0}, op_tmpfile},
    {"memory_stream",  "stream:4",                                  Cost::kNone,     false, {  1,   1,   0,   0,   4,   0}, op_memory_stream},
    {"popen_stream",   "stream:4 how:2",                            Cost::kShell,    false, {  1,   0,   2,   0,   4,   0}, op_popen_stream},
    {"freopen",        "file path smode how:8",                     Cost::kNone,     false, {  3,   1,   2,   1,  10,   0}, op_freopen},
    {"set_buffer",     "file size:8 how:6",                         Cost::kNone,     false, {  4,   2,   2,   1,  16,   0}, op_set_buffer},
    {"fwrite",         "file size how:9",                           Cost::kNone,     false, { 25,  15,  20,  20,  70,   3}, op_fwrite},
    {"fwrite_burst",   "file small count",                          Cost::kNone,     false, { 12,   8,  10,  10,  40,   0}, op_fwrite_burst},
    {"fprintf",        "file small",                                Cost::kNone,     false, { 10,   6,  10,   6,  25,   1}, op_fprintf},
    {"fread",          "file size how:9",                           Cost::kNone,     false, { 10,   6,   6,   2,  35,   1}, op_fread},
    {"fread_units",    "file small",                                Cost::kNone,     false, {  3,   2,   2,   0,   8,   0}, op_fread_units},
    {"fgets",          "file small how:4",                          Cost::kNone,     false, {  5,   3,   3,   0,  16,   0}, op_fgets},
    {"ungetc",         "file back:3 how:2",                         Cost::kNone,     false, {  4,   2,   2,   0,  12,   0}, op_ungetc},
    {"clear_error",    "file",                                      Cost::kNone,     false, {  3,   2,   2,   0,   8,   0}, op_clear_error},
    {"fseek",          "file offset whence how:4",                  Cost::kNone,     false, { 10,   6,   5,   2,  30,   1}, op_fseek},
    {"ftell",          "file how:4",                                Cost::kNone,     false, {  6,   4,   4,   2,  20,   0}, op_ftell},
    {"rewind",         "file",                                      Cost::kNone,     false, {  3,   2,   2,   1,   8,   0}, op_rewind},
    {"fgetpos",        "file",                                      Cost::kNone,     false, {  3,   2,   1,   0,   8,   0}, op_fgetpos},
    {"fsetpos",        "file",                                      Cost::kNone,     false, {  3,   2,   1,   0,   8,   0}, op_fsetpos},
    {"wide_write",     "file small how:5",                          Cost::kNone,     false, {  3,   2,   2,   2,  10,   0}, op_wide_write},
    {"wide_read",      "file small how:4",                          Cost::kNone,     false, {  3,   2,   1,   0,   8,   0}, op_wide_read},
    {"wide",           "file way:3",                                Cost::kNone,     false, {  2,   1,   1,   0,   4,   0}, op_wide},
    {"fflush",         "file how:5",                                Cost::kNone,     false, {  8,   4,   8,   5,  20,   1}, op_fflush},
    {"fclose",         "file",                                      Cost::kNone,     false, { 12,   6,   8,   4,  24,   1}, op_fclose},
    {"fclose_all",     "",                                          Cost::kNone,     false, {  1,   1,   1,   0,   2,   0}, op_fclose_all},
    {"fileno_write",   "file size how:2",                           Cost::kNone,     false, {  8,   5,   5,   4,  20,   1}, op_fileno_write},
    {"fileno_other",   "file offset how:9",                         Cost::kNone,     false, {  8,   5,   5,   4,  30,   0}, op_fileno_other},
    {"take_fileno",    "file to how:3",                             Cost::kNone,     false, {  6,   3,   5,   3,  20,   0}, op_take_fileno},
    {"move_under",     "file fd how:4",                             Cost::kNone,     false, {  3,   2,   3,   1,   8,   0}, op_move_under},
    {"mapped_stream",  "path fd size small how:3",                  Cost::kNone,     false, {  4,   3,   1,   0,   8,   0}, op_mapped_stream},
    {"redirect",       "fd which:3",                                Cost::kNone,     false, {  4,   2,   6,   2,  14,   0}, op_redirect},
    {"redirect_stdout","fd",                                        Cost::kNone,     false, {  6,   3,  10,   4,   8,   0}, op_redirect_stdout},
    {"printf",         "size how:4",                                Cost::kNone,     false, { 10,   5,  12,   6,  16,   1}, op_printf},
    {"perror",         "number:130",                                Cost::kNone,     false, {  3,   2,   3,   1,   8,   0}, op_perror},
    {"at_exit",        "file fd small how:4",                       Cost::kNone,     false, {  4,   2,   5,   0,   6,   0}, op_at_exit},

    {"threads",        "fd fd fd size few",                         Cost::kSlow,     false, {  8,   8,   4,   6,   2,   4}, op_threads},
    {"threads_together","fd small few",                              Cost::kSlow,     false, {  6,   6,   3,   4,   1,   3}, op_threads_together},
    {"threads_regions","fd small few offset",                       Cost::kSlow,     false, {  6,   6,   3,   4,   1,   3}, op_threads_regions},
    {"threads_turns",  "fd small few",                              Cost::kSlow,     false, {  5,   5,   3,   4,   1,   2}, op_threads_turns},
    {"signal",         "fd small how:2 offset",                     Cost::kNone,     false, {  8,   6,   5,   4,   1,   3}, op_signal},
    {"signal_storm",   "fd small few offset how:2",                 Cost::kSlow,     false, {  3,   4,   1,   2,   1,   2}, op_signal_storm},
    {"handler_acts",   "fd small what:8 few restart:2",             Cost::kSlow,     false, {  5,   5,   3,   0,   2,   2}, op_handler_acts},
    {"cut_short",      "how:5 small few",                           Cost::kSlow,     false, {  4,   4,   4,   0,   1,   1}, op_cut_short},
    {"cancel",         "fd path small what:13 file how:4",          Cost::kSlow,     false, {  5,   5,   2,   0,   3,   1}, op_cancel},

    {"fork",           "end:8 how:8",                               Cost::kProcess,  true,  { 14,   4,  60,  20,   6,   2}, op_fork},
    {"vfork",          "fd touch:10 preload:4",                     Cost::kProcess,  true,  {  4,   1,  25,   3,   3,   1}, op_vfork},
    {"spawn",          "fd path how:9 preload:4",                   Cost::kProcess,  true,  {  5,   1,  25,   4,   3,   1}, op_spawn},
    {"end",            "",                                          Cost::kNone,     false, {  0,   0,   0,   0,   0,   0}, op_end},
    {"exec",           "how:5 preload:4",                           Cost::kProcess,  false, {  6,   1,  25,   4,   3,   1}, op_exec},
    {"exec_missing",   "how:3",                                     Cost::kNone,     false, {  3,   1,   5,   1,   1,   1}, op_exec_missing},
    {"turns",          "fd small few shape",                        Cost::kProcess,  false, {  6,   2,  30,   0,   4,   1}, op_turns},
    {"turns_by_path",  "path small few shape",                      Cost::kProcess,  false, {  3,   1,  12,   0,   1,   1}, op_turns_by_path},
    {"system",         "path target how:7",                         Cost::kShell,    false, {  3,   1,  10,   2,   1,   1}, op_system},
    {"shell_inherit",  "fd how:3",                                  Cost::kShell,    false, {  3,   1,  12,   2,   1,   1}, op_shell_inherit},
    {"popen_read",     "path",                                      Cost::kShell,    false, {  2,   1,   4,   1,   1,   1}, op_popen_read},
    {"popen_write",    "path size how:2",                           Cost::kShell,    false, {  2,   1,   5,   1,   3,   0}, op_popen_write},
    {"finish",         "how:9",                                     Cost::kExit,     false, {  0,   0,   0,   0,   0,   0}, op_finish},
    {"die",            "signal:4",                                  Cost::kExit,     false, {  0,   0,   0,   3,   0,   0}, op_die},
};
// clang-format on

const Op* find_op(std::string_view name) {
  for (const Op& op : kOps) {
    if (name == op.name) return &op;
  }
  return nullptr;
}

std::vector<ArgName> arg_names(const Op& op) {
  std::vector<ArgName> names;
  std::string_view rest = op.args;
  while (!rest.empty()) {
    const size_t blank = std::min(rest.find(' '), rest.size());
    std::string_view word = rest.substr(0, blank);
    rest.remove_prefix(std::min(blank + 1, rest.size()));
    ArgName name{word, 0};
    if (const size_t colon = word.find(':'); colon != std::string_view::npos) {
      name.name = word.substr(0, colon);
      for (char digit : word.substr(colon + 1)) name.bound = name.bound * 10 + (digit - '0');
    }
    names.push_back(name);
  }
  return names;
}

}  // namespace differential
