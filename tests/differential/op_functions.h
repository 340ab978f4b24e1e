// The functions behind the table of operations, by family.
#pragma once

#include <sys/resource.h>

#include "tests/differential/script.h"

namespace differential {

/// Then some operations end at one place or another, plain as well.
inline bool file_size_is_limited() {
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  return limit.rlim_cur != RLIM_INFINITY;
}

class Actor;

// ops_write.cc
void op_write(Actor& actor, const Args& args);
void op_write_aligned(Actor& actor, const Args& args);
void op_direct_write(Actor& actor, const Args& args);
void op_pwrite(Actor& actor, const Args& args);
void op_writev(Actor& actor, const Args& args);
void op_pwritev(Actor& actor, const Args& args);
void op_pwritev2(Actor& actor, const Args& args);
void op_burst(Actor& actor, const Args& args);
void op_pwrite_burst(Actor& actor, const Args& args);
void op_syscall_write(Actor& actor, const Args& args);
void op_dprintf(Actor& actor, const Args& args);
void op_bad_write(Actor& actor, const Args& args);

// ops_read.cc
void op_read(Actor& actor, const Args& args);
void op_pread(Actor& actor, const Args& args);
void op_readv(Actor& actor, const Args& args);
void op_read_all(Actor& actor, const Args& args);
void op_bad_read(Actor& actor, const Args& args);
void op_lseek(Actor& actor, const Args& args);
void op_lseek_end(Actor& actor, const Args& args);
void op_tell(Actor& actor, const Args& args);
void op_bad_lseek(Actor& actor, const Args& args);

// ops_open.cc
void op_open(Actor& actor, const Args& args);
void op_open_temporary(Actor& actor, const Args& args);
void op_close(Actor& actor, const Args& args);
void op_dup(Actor& actor, const Args& args);
void op_dup2(Actor& actor, const Args& args);
void op_dup2_number(Actor& actor, const Args& args);
void op_dup_from(Actor& actor, const Args& args);
void op_status_flags(Actor& actor, const Args& args);
void op_descriptor_flags(Actor& actor, const Args& args);
void op_lock(Actor& actor, const Args& args);
void op_query_lock(Actor& actor, const Args& args);
void op_flock(Actor& actor, const Args& args);
void op_close_range(Actor& actor, const Args& args);
void op_close_from(Actor& actor, const Args& args);
void op_pass(Actor& actor, const Args& args);

// ops_metadata.cc
void op_fstat(Actor& actor, const Args& args);
void op_stat(Actor& actor, const Args& args);
void op_ftruncate(Actor& actor, const Args& args);
void op_truncate(Actor& actor, const Args& args);
void op_sync(Actor& actor, const Args& args);
void op_advise(Actor& actor, const Args& args);
void op_set_times(Actor& actor, const Args& args);
void op_set_path_times(Actor& actor, const Args& args);
void op_chmod(Actor& actor, const Args& args);
void op_chown(Actor& actor, const Args& args);
void op_attribute(Actor& actor, const Args& args);
void op_link(Actor& actor, const Args& args);
void op_rename(Actor& actor, const Args& args);
void op_unlink(Actor& actor, const Args& args);
void op_fallocate(Actor& actor, const Args& args);
void op_size_limit(Actor& actor, const Args& args);

// ops_process.cc
void op_fork(Actor& actor, const Args& args);
void op_vfork(Actor& actor, const Args& args);
void op_spawn(Actor& actor, const Args& args);
void op_end(Actor& actor, const Args& args);
void op_exec(Actor& actor, const Args& args);
void op_exec_missing(Actor& actor, const Args& args);
void op_system(Actor& actor, const Args& args);
void op_shell_inherit(Actor& actor, const Args& args);
void op_popen_write(Actor& actor, const Args& args);
void op_popen_read(Actor& actor, const Args& args);
void op_finish(Actor& actor, const Args& args);
void op_die(Actor& actor, const Args& args);

// ops_copy.cc
void op_sendfile(Actor& actor, const Args& args);
void op_copy_range(Actor& actor, const Args& args);
void op_splice(Actor& actor, const Args& args);
void op_splice_from_pipe(Actor& actor, const Args& args);

// ops_clone.cc
void op_clone(Actor& actor, const Args& args);
void op_clone_range(Actor& actor, const Args& args);
void op_dedupe_range(Actor& actor, const Args& args);

// ops_source.cc
void op_open_source(Actor& actor, const Args& args);

// ops_mapping.cc
void op_map(Actor& actor, const Args& args);
void op_map_store(Actor& actor, const Args& args);
void op_map_check(Actor& actor, const Args& args);

// ops_stream_open.cc
void op_fopen(Actor& actor, const Args& args);
void op_fdopen(Actor& actor, const Args& args);
void op_tmpfile(Actor& actor, const Args& args);
void op_memory_stream(Actor& actor, const Args& args);
void op_popen_stream(Actor& actor, const Args& args);
void op_freopen(Actor& actor, const Args& args);
void op_set_buffer(Actor& actor, const Args& args);
void op_fclose(Actor& actor, const Args& args);
void op_fclose_all(Actor& actor, const Args& args);
void op_redirect(Actor& actor, const Args& args);
void op_take_fileno(Actor& actor, const Args& args);
void op_move_under(Actor& actor, const Args& args);
void op_mapped_stream(Actor& actor, const Args& args);

// ops_stdio.cc
void op_fwrite(Actor& actor, const Args& args);
void op_fwrite_burst(Actor& actor, const Args& args);
void op_fprintf(Actor& actor, const Args& args);
void op_fread(Actor& actor, const Args& args);
void op_fread_units(Actor& actor, const Args& args);
void op_fgets(Actor& actor, const Args& args);
void op_ungetc(Actor& actor, const Args& args);
void op_fflush(Actor& actor, const Args& args);
void op_clear_error(Actor& actor, const Args& args);
void op_fileno_write(Actor& actor, const Args& args);
void op_fileno_other(Actor& actor, const Args& args);
void op_redirect_stdout(Actor& actor, const Args& args);
void op_printf(Actor& actor, const Args& args);
void op_perror(Actor& actor, const Args& args);

// ops_stream_position.cc
void op_fseek(Actor& actor, const Args& args);
void op_ftell(Actor& actor, const Args& args);
void op_rewind(Actor& actor, const Args& args);
void op_fgetpos(Actor& actor, const Args& args);
void op_fsetpos(Actor& actor, const Args& args);

// ops_stream_wide.cc
void op_wide_write(Actor& actor, const Args& args);
void op_wide_read(Actor& actor, const Args& args);
void op_wide(Actor& actor, const Args& args);

// ops_at_exit.cc
void op_at_exit(Actor& actor, const Args& args);

// ops_turns.cc
void op_turns(Actor& actor, const Args& args);
void op_turns_by_path(Actor& actor, const Args& args);

// ops_handler.cc
void op_handler_acts(Actor& actor, const Args& args);

// ops_cut_short.cc
void op_cut_short(Actor& actor, const Args& args);

// ops_cancel.cc
void op_cancel(Actor& actor, const Args& args);

// ops_thread.cc
void op_threads(Actor& actor, const Args& args);
void op_threads_together(Actor& actor, const Args& args);
void op_threads_regions(Actor& actor, const Args& args);
void op_threads_turns(Actor& actor, const Args& args);
void op_signal(Actor& actor, const Args& args);
void op_signal_storm(Actor& actor, const Args& args);

}  // namespace differential
