#!/usr/bin/env bash
# What libseqshim.so exports and needs, against its catalogue and against libc.
#
#   run.sh --list                names the tests
#   run.sh BUILD_DIR [TEST...]   runs them, or all
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/lib.sh
. "$here/../support/lib.sh"

catalogue=$here/../../shim/interpose/catalogue.def

catalogued() { sed -n 's/^\(THIN\|FULL\|APART\|TWIN\)(\([a-zA-Z0-9_]*\).*/\2/p' "$catalogue" | sort; }

outside() { sed -n 's/^OUTSIDE(\([a-zA-Z0-9_]*\)).*/\1/p' "$catalogue"; }

exported() { nm -D --defined-only "$LIB" | awk '{sub(/@.*/, "", $3); print $3}' | sort; }

libc() { ldd "$LIB" | awk '/libc\.so/ {print $3}'; }

# Every function that libc exports, whatever its version.
libc_functions() {
  nm -D --defined-only "$(libc)" | awk '$2 ~ /^[TWti]$/ {sub(/@.*/, "", $3); print $3}' | sort -u
}

# Before glibc 2.34 some of the catalogue is in other libraries, or nowhere.
need_whole_libc() {
  libc_functions | grep -x pthread_create >/dev/null || skip "this libc has not got all of the catalogue"
}

# none_of WHAT: fails if there is a line on stdin, which it prints.
none_of() {
  local lines
  lines=$(cat)
  [ -z "$lines" ] || { note "$lines"; fail "$1"; }
}

test_each_name_once() { catalogued | uniq -d | none_of "catalogued twice"; }

test_exports_are_the_catalogue() {
  need_whole_libc
  comm -3 <({ catalogued; outside; } | sort) <(exported) | none_of "catalogued only, or (second column) exported only"
}

test_names_exist_in_libc() {
  need_whole_libc
  comm -23 <(catalogued) <(libc_functions) | none_of "libc has no such function"
}

# twins NAME: other names under which libc may have the same function.
twins() {
  local name=$1
  printf '%s\n' "${name}64" "__$name" "__${name}64" "__libc_$name" "_IO_$name" \
    "__${name}_chk" "__${name}64_chk" "__${name}_2" "__${name}64_2"
  # pwritev2's twin is pwritev64v2.
  case $name in *v2) printf '%s\n' "${name%v2}v64v2" ;; esac
}

# Names that look like twins, and why they need not be covered.
exempt() {
  case $1 in
    # GLIBC_PRIVATE: for libc's own parts, which nobody else may link with.
    __mmap | __pread64_nocancel | __libc_fork | __libc_alloca_cutoff) ;;
    *) return 1 ;;
  esac
}

# The names that ordinary programs can link with: those of GLIBC_PRIVATE are libc's own affair.
public_functions() {
  nm -D --defined-only --with-symbol-versions "$(libc)" |
    awk '$2 ~ /^[TWti]$/ && $3 !~ /GLIBC_PRIVATE/ {sub(/@.*/, "", $3); print $3}' | sort -u
}

test_twins_are_covered() {
  local name twin missing
  missing=$(comm -12 <(catalogued | while read -r name; do twins "$name"; done | sort -u) \
    <(public_functions) | comm -23 - <(catalogued) |
    while read -r twin; do exempt "$twin" || echo "$twin"; done)
  none_of "libc has another name for a covered function" <<<"${missing}"
}

# The program's own libraries stay what they are: nothing comes along.
test_needs_libc_only() {
  objdump -p "$LIB" | awk '$1 == "NEEDED" {print $2}' |
    { grep -v '^libc\.so\.6$\|^libdl\.so\.2$\|^ld-linux.*\.so' || true; } | none_of "needs more than libc"
}

# Lazy binding would look symbols up in the middle of a write().
test_binds_at_load() {
  readelf -d "$LIB" | grep -q 'BIND_NOW\|Flags:.* NOW' || fail "lazily bound"
}

# Thread-local storage that is allocated at first use would call malloc in there, too.
test_thread_storage_is_static() {
  readelf -rW "$LIB" | awk '/DTPMOD|DTPOFF|TLSDESC/' | none_of "dynamic thread-local storage"
  nm -D --undefined-only "$LIB" | awk '/__tls_get_addr/' | none_of "calls __tls_get_addr"
}

# What may allocate, lock or throw has no place in it.
test_imports_nothing_heavy() {
  nm -D --undefined-only "$LIB" | awk '{sub(/@.*/, "", $2); print $2}' |
    { grep -x 'malloc\|calloc\|realloc\|free\|_Znw.*\|_Zd.*\|__cxa_throw\|printf\|pthread_mutex_.*' || true; } |
    none_of "imported"
}

# The guard has let go of libc, and of all else that isn't ours.
test_guard_calls_nobody() {
  local objects=$BUILD/CMakeFiles/rooms.dir/shim
  nm -u "$objects"/{guard/{watch,recovery,account},report/{log,append},config/text}.cc.o | awk 'NF == 2 {print $2}' |
    { grep -v '^_ZN7seqshim\|^__ehdr_start$\|^_end$\|^_GLOBAL_OFFSET_TABLE_$' || true; } | none_of "called by the guard"
}

# One constructor, one destructor; no static object that needs one.
test_one_constructor() {
  local bytes
  bytes=$((16#$(readelf -SW "$LIB" | sed 's/\[ */[/' | awk '$2 == ".init_array" {print $6}')))
  # The compiler's frame_dummy, and ours.
  [ "$bytes" -le 16 ] || fail "$((bytes / 8)) constructors"
}

# Code and tables can't be written to after start-up.
test_relocations_are_read_only() {
  readelf -lW "$LIB" | grep -q GNU_RELRO || fail "no RELRO"
  if readelf -dW "$LIB" | grep -q TEXTREL; then fail "text relocations"; fi
}

# An executable stack would make every program's stack executable.
test_stack_is_not_executable() {
  readelf -lW "$LIB" | awk '$1 == "GNU_STACK" && $7 ~ /E/' | none_of "executable stack"
}

# What `seqshim profile` preloads: the same, but that it allocates nothing itself while GCC's unwinder,
# which is in it, imports malloc for tables that nobody registers.
test_profile_library() {
  local map=$here/../../shim/profile/exports.map
  LIB=$BUILD/libseqshim-profile.so
  comm -3 <(sed -n 's/^ *\([a-z_0-9]*\);$/\1/p' "$map" | sort) <(exported) |
    none_of "in exports.map only, or (second column) exported only"
  test_needs_libc_only
  test_binds_at_load
  test_thread_storage_is_static
  test_one_constructor
  test_relocations_are_read_only
  test_stack_is_not_executable
}

[ "${1:-}" = --list ] || need nm objdump readelf ldd
TESTS_DIR=audit
run_tests "$@"
