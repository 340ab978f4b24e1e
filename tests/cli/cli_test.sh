#!/bin/bash
# The seqshim command, end to end. Usage: cli_test.sh BUILD_DIR. Silent success; else each failed
# check by name.
# shellcheck disable=SC2016 # what stands in single quotes is for the command's shell
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/support.sh"

help_and_version() {
  run --help
  check help 0
  [[ $out == *--cluster* && $out == *SEQSHIM_* && $out == *'--report[=FILE] '* ]] || fail "help: '$out'"
  [ "$(wc -l <<<"$out")" -le 40 ] || fail "help: more than 40 lines"
  [ "$(wc -L <<<"$out")" -le 100 ] || fail "help: more than 100 columns"
  local name
  for name in compare profile doctor report; do
    [[ $out == *$name* ]] || fail "help doesn't name $name"
  done
  run --version
  check version 0
  local version
  version=$(sed -n 's/^project(seqshim VERSION \([^ )]*\).*/\1/p' "$source_dir/CMakeLists.txt")
  [ "$out" = "seqshim $version" ] || fail "version: '$out', CMakeLists.txt has '$version'"
}

exit_codes() {
  local n
  for n in 0 1 2 42 125 255; do
    run -m x sh -c "exit $n"
    check "exit $n" "$n"
    [ -z "$err" ] || fail "exit $n: stderr '$err'"
  done
  run -m x sh -c 'kill -TERM $$'
  check "death by SIGTERM" 143
  run -m x sh -c 'kill -KILL $$'
  check "death by SIGKILL" 137
}

environment() {
  run -m '*.tar' -m '!b' -m 'c:d' -r /src/ --read '!*.o' --cluster 64K --depth 2 --memory 1M --engine sync --append \
    --guard off --idle 250 env
  check environment 0
  local line
  for line in 'SEQSHIM_MATCH=\*.tar:!b:c:d' 'SEQSHIM_READ=/src/:!\*.o' SEQSHIM_CLUSTER=64K SEQSHIM_DEPTH=2 SEQSHIM_MEMORY=1M \
    SEQSHIM_ENGINE=sync SEQSHIM_APPEND=1 SEQSHIM_GUARD=off SEQSHIM_IDLE_MS=250 \
    "LD_PRELOAD=$build/libseqshim.so"; do
    grep -qx -- "$line" <<<"$out" || fail "environment: no $line in '$out'"
  done
  ! grep -q SEQSHIM_REPORT <<<"$out" || fail "environment: a report nobody asked for"

  SEQSHIM_MATCH=old run -m new env
  grep -qx SEQSHIM_MATCH=new <<<"$out" || fail "-m does not replace SEQSHIM_MATCH"
  run -r '*' env
  check "reading only" 0
  grep -qx 'SEQSHIM_READ=\*' <<<"$out" || fail "-r alone: '$out' '$err'"
  SEQSHIM_MATCH=old run env
  grep -qx SEQSHIM_MATCH=old <<<"$out" || fail "SEQSHIM_MATCH is not kept without -m"

  LD_PRELOAD=libm.so.6 run -m x env
  grep -qx "LD_PRELOAD=$build/libseqshim.so:libm.so.6" <<<"$out" ||
    fail "LD_PRELOAD is not prefixed: '$out' '$err'"
  run -m x grep -c "$build/libseqshim.so" /proc/self/maps
  check "the library is in the command" 0
}

command_line() {
  run -m x sh -c 'echo "$0 $@"' a -m b --help -- c
  [ "$out" = "a -m b --help -- c" ] || fail "options do not end at the first word: '$out' '$err'"
  run -m x -- sh -c 'echo "$0 $@"' a --version
  [ "$out" = "a --version" ] || fail "--: '$out' '$err'"
  run run -m x echo hello
  [ "$out" = hello ] || fail "run: '$out' '$err'"
  run -mx --cluster=8K echo hello
  [ "$out" = hello ] || fail "attached values: '$out' '$err'"
  run -m '[ab]' --report env
  grep -qxF 'SEQSHIM_MATCH=[ab]' <<<"$out" || fail "a pattern in brackets: '$out' '$err'"
  grep -qx SEQSHIM_REPORT=stderr <<<"$out" || fail "--report: '$out' '$err'"
}

dry_run() {
  run -m "it's *" -m '*.tar' --depth 2 --report=dry.txt --dry-run -- sh -c 'echo $A >ran' "a b"
  check "dry run" 0
  if [ -e ran ] || [ -e dry.txt ]; then fail "dry run: something was done"; fi
  local line
  for line in "SEQSHIM_MATCH='it'\\''s *:*.tar'" SEQSHIM_DEPTH=2 "SEQSHIM_REPORT=$work/dry.txt" \
    "LD_PRELOAD=$build/libseqshim.so" "sh -c 'echo \$A >ran' 'a b'"; do
    grep -qxF -- "$line" <<<"$out" || fail "dry run: no $line in '$out'"
  done
  [ "$(tail -n 1 <<<"$out")" = "sh -c 'echo \$A >ran' 'a b'" ] || fail "dry run: the command isn't last"
  # A shell reads it back.
  [ "$(sh -c "eval \"\$1\"; echo \"\$SEQSHIM_MATCH\"" sh "$(head -n -1 <<<"$out")")" = "it's *:*.tar" ] ||
    fail "dry run: not quoted for a shell: '$out'"
  SEQSHIM_IDLE_MS=7 run -m x --dry-run true
  grep -qx SEQSHIM_IDLE_MS=7 <<<"$out" || fail "dry run: what is set already isn't told: '$out'"
  run --dry-run true
  refused "dry run without a pattern" 2 "-m PATTERN"
  run -m x --dry-run no-such-command
  refused "dry run of nothing" 127 no-such-command
  if build_program static gcc -static; then
    run -m x --dry-run ./static
    refused "dry run of a static program" 126 "statically linked"
  fi
}

config_file() {
  cat >options.toml <<'END'
# What a site wants.
match = [
  "*.tar",
  "!x,y",
]
read = "/src/*"
cluster = "64K"
depth = 2   # more gains nothing
append = true
report = "from-file.json"
END
  run --config options.toml --dry-run env
  check "a file" 0
  local line
  for line in "SEQSHIM_MATCH='*.tar:!x,y'" "SEQSHIM_READ='/src/*'" SEQSHIM_CLUSTER=64K SEQSHIM_DEPTH=2 \
    SEQSHIM_APPEND=1 "SEQSHIM_REPORT=$work/from-file.json"; do
    grep -qxF "$line" <<<"$out" || fail "a file: no $line in '$out'"
  done
  # An option goes before the environment, which goes before a file.
  SEQSHIM_DEPTH=3 SEQSHIM_CLUSTER=16K run --config=options.toml --cluster 8K -m y --dry-run env
  for line in SEQSHIM_MATCH=y SEQSHIM_DEPTH=3 SEQSHIM_CLUSTER=8K "SEQSHIM_READ='/src/*'"; do
    grep -qxF "$line" <<<"$out" || fail "precedence: no $line in '$out'"
  done
  SEQSHIM_CONFIG=options.toml run --dry-run env
  grep -qx SEQSHIM_DEPTH=2 <<<"$out" || fail "SEQSHIM_CONFIG: '$out' '$err'"
  SEQSHIM_CONFIG=/no/such run --config options.toml --dry-run env
  check "the option's file, not the variable's" 0
  run --config <(echo match=z) --dry-run env
  grep -qx SEQSHIM_MATCH=z <<<"$out" || fail "from a pipe: '$out' '$err'"
  echo old >from-file.json
  run --config options.toml true
  ! grep -q old from-file.json || fail "a file's report: the old one is still there"
  SEQSHIM_REPORT=$work/kept.txt run --config options.toml sh -c 'echo $SEQSHIM_REPORT'
  [ "$out" = "$work/kept.txt" ] || fail "a file's report goes before the environment's: '$out'"
  printf 'match=x\nreport\n' >report.toml
  run --config report.toml --dry-run env
  grep -qx SEQSHIM_REPORT=stderr <<<"$out" || fail "a report without a name: '$out' '$err'"
}

# refused_file NAME WORDS: as the file options.toml has it on stdin; the line names the file.
refused_file() {
  cat >options.toml
  run -m x --config options.toml true
  refused "$1" 2 "options.toml: $2"
}

wrong_files() {
  local name
  refused_file "unknown key" "there is no setting cluser" <<<'cluser = "1M"'
  refused_file "not for a file" "there is no setting dry-run" <<<'dry-run = true'
  refused_file "a short name" "there is no setting m" <<<'m = "x"'
  refused_file "a section" "there are no sections, so no [run]" <<<$'[run]\ndepth = 2'
  refused_file "set twice" "depth is set twice" <<<$'depth = 2\nrate = 0\ndepth = 3'
  refused_file "several values" "depth has several values" <<<'depth = [2, 3]'
  for name in idle match append report; do
    refused_file "an empty array for $name" "$name has no value" <<<"$name = []"
  done
  refused_file "a bad value" "SEQSHIM_CLUSTER=3M: must be a power of two" <<<'cluster = "3M"'
  refused_file "a bad flag" "" <<<'append = "perhaps"'
  head -c 5000 /dev/urandom | refused_file "rubbish" ""
  run -m x --config no/such/file true
  refused "no file" 2 "no/such/file: No such file"
  run -m x --config / true
  refused "a directory" 2 "in /: Is a directory"
  SEQSHIM_CONFIG=no/such run -m x true
  refused "a variable's file" 2 "no/such: No such file"
  run -m x --config
  refused "--config without a file" 2 "--config"
  : >options.toml
  run -m x --config options.toml true
  check "an empty file" 0
}

# as NAME ARGS...: likewise with the command called by that name.
as() {
  local name=$1
  shift
  out=$("$name" "$@" 2>"$work/err")
  code=$?
  err=$(<"$work/err")
}

called_as_another() {
  mkdir -p early late
  local path=$PATH there tool
  tool=$(command -v env)
  for there in env sh tool nowhere; do ln -sf "$seqshim" "early/$there"; done
  PATH=$work/early:$PATH

  as env
  check "no settings" 0
  [ -z "$err" ] || fail "no settings: '$err'"
  ! grep -q LD_PRELOAD <<<"$out" || fail "no settings: '$out'"
  SEQSHIM_MATCH='*.x' as env
  grep -qx "LD_PRELOAD=$build/libseqshim.so" <<<"$out" || fail "by its environment: '$out' '$err'"
  printf 'match = "*.x"\ndepth = 2\n' >as.toml
  SEQSHIM_CONFIG=as.toml as env
  for there in "SEQSHIM_MATCH=*.x" SEQSHIM_DEPTH=2 "LD_PRELOAD=$build/libseqshim.so"; do
    grep -qxF "$there" <<<"$out" || fail "by its file: no $there in '$out' '$err'"
  done
  SEQSHIM_MATCH='*.x' as env -i --unset=A -m b printf '%s.' --help
  [ "$code" = 125 ] || fail "arguments are read: $code '$out' '$err'"  # env knows no -m
  SEQSHIM_MATCH='*.x' as sh -c 'echo "$0 $1"; exit 9' -m -- x
  check "the exit code" 9
  [ "$out" = "-m --" ] || fail "arguments: '$out'"

  # Links of all kinds, to this program and to one that leads back here.
  ln "$seqshim" late/env 2>/dev/null || ln -s "$seqshim" late/env
  PATH=$work/early:$work/late:$path SEQSHIM_MATCH='*.x' as env echo hello
  [ "$out" = hello ] || fail "itself further down PATH: $code '$out' '$err'"
  (cd early && PATH=:$path SEQSHIM_MATCH='*.x' timeout 5 ./env echo hello) >out.txt 2>&1
  [ "$(<out.txt)" = hello ] || fail "the current directory in PATH: '$(<out.txt)'"
  SEQSHIM_MATCH='*.x' as "$work/early/sh" -c 'echo "$0"'
  [ "$out" = "$(PATH=$path command -v sh)" ] || fail "called by its path: '$out'"
  SEQSHIM_MATCH='*.x' as env sh -c 'env | grep LD_PRELOAD'
  [ "$out" = "LD_PRELOAD=$build/libseqshim.so" ] || fail "one below another: '$out'"
  as nowhere
  refused "no such program" 127 "no other"

  # What keeps seqshim from its part keeps nobody from the program.
  SEQSHIM_MATCH=x SEQSHIM_CLUSTER=3M as env echo hello
  check "a bad setting" 0
  [[ $out == hello && $err == *SEQSHIM_CLUSTER=3M* ]] || fail "a bad setting: '$out' '$err'"
  SEQSHIM_CONFIG=/no/such as env echo hello
  check "no such file" 0
  [[ $out == hello && $err == *"/no/such"* ]] || fail "no such file: '$out' '$err'"
  if build_program late/tool gcc -static; then
    PATH=$PATH:$work/late SEQSHIM_MATCH=x as tool
    check "a static program" 7
    [[ $err == "seqshim: "*"statically linked"* ]] || fail "a static program: '$err'"
    [ "$(wc -l <"$work/err")" = 1 ] || fail "a static program: not one line: '$err'"
  fi
  PATH=$path
  [ "$(command -v env)" = "$tool" ] || fail "PATH is not as it was"
}

# said NAME WORDS: one line on standard error, which begins so; a star stands for anything.
said() {
  check "$1" 0
  [ "$(wc -l <"$work/err")" = 1 ] || fail "$1: not one line: '$err'"
  # shellcheck disable=SC2053 # it is a pattern
  [[ $err == "seqshim: "$2* ]] || fail "$1: '$err'"
}

verbose() {
  local writes=(dd if=/dev/zero of=one.out bs=10240 count=500 status=none)
  run -v -m '*.out' "${writes[@]}"
  said "-v" "4.88M in 500 writes to 1 file, * % direct, * s waiting, *M/s"
  [ -z "$out" ] || fail "-v: output '$out'"
  run --verbose -m '*.out' sh -c "${writes[*]} & dd if=/dev/zero of=two.out bs=100 count=3 status=none; wait
    { echo a; echo b; } >two.out"
  said "-v of several" "4.88M in 50[0-9] writes to 2 files"
  run -v -m '*.out' --guard off "${writes[@]}"
  said "-v without a guard" "4.88M in 500 writes to 1 file"
  run -v -m '*.out' --report=one.json "${writes[@]}"
  said "-v and a report" "4.88M in 500 writes to 1 file"
  grep -q '"bytes_written":' one.json || fail "-v and a report: there is none"
  run -v -m '*.out' true
  said "-v of nothing" "0 in 0 writes to 0 files"
  run -v -r '*.out' sh -c 'cat one.out >/dev/null'
  [ "$(stat -f -c %T .)" = tmpfs ] || said "-v of a reader" "read 4.88M past the page cache from 1 file"
  run -v -m '*.out' sh -c "${writes[*]}; kill -KILL \$\$"
  check "-v of one that is killed" 137
  [[ $err == "seqshim: 4.88M in 500 writes"* ]] || fail "-v of one that is killed: '$err'"
  printf 'verbose = true\n' >verbose.toml
  run --config verbose.toml -m '*.out' "${writes[@]}"
  said "-v by a file" "4.88M in 500 writes"
  "$seqshim" -v -m x sh -c 'exit 9' 2>&-
  [ $? = 9 ] || fail "-v with standard error closed"
  run -v -m x --dry-run env
  ! grep -q PROGRESS <<<"$out" || fail "-v of a dry run: '$out'"
  # What libc flushes when all is over.
  if printf '#include <stdio.h>\nint main(void) { fputs("hello", fopen("last.out", "w")); return 0; }\n' >last.c &&
    gcc -o last last.c 2>/dev/null; then
    run -v -m '*.out' ./last
    said "-v of a last flush" "5 in 1 write to 1 file"
  fi
}

# A report of something to a standard output that takes nothing is one line, and 125.
unwritable_output() {
  local option
  for option in --help --version "--dry-run -m x true"; do
    # shellcheck disable=SC2086
    "$seqshim" $option >&- 2>"$work/err" && code=0 || code=$?
    out='' err=$(<"$work/err")
    refused "$option, closed" 125 "standard output"
    [ -e /dev/full ] || continue
    # shellcheck disable=SC2086
    "$seqshim" $option >/dev/full 2>"$work/err" && code=0 || code=$?
    err=$(<"$work/err")
    refused "$option, full" 125 "No space left"
  done
}

wrong_usage() {
  run -m x
  refused "no command" 2 "no command"
  run true
  refused "no pattern" 2 "-m PATTERN"
  run comapre
  refused "no such subcommand" 127 "can't run comapre: no such command"
  run -m x --bogus true
  refused "unknown option" 2 "--bogus"
  run -m
  refused "-m without a pattern" 2 "PATTERN missing"
  run -m x --cluster 3M true
  refused "bad cluster" 2 "SEQSHIM_CLUSTER=3M: must be a power of two"
  run -m x --depth 99 true
  refused "bad depth" 2 "SEQSHIM_DEPTH=99"
  run -m x --engine warp true
  refused "bad engine" 2 "auto, thread or sync"
  run -m x --guard maybe true
  refused "bad guard" 2 "SEQSHIM_GUARD=maybe: must be on or off"
  run -m x --idle forever true
  refused "bad idle time" 2 "SEQSHIM_IDLE_MS=forever"
  run -m x --cluster 1M --memory 1M true
  refused "memory below two clusters" 2 "two clusters"
  SEQSHIM_MEMORY=lots run -m x true
  refused "bad variable" 2 "SEQSHIM_MEMORY=lots"
}

closed_streams() {
  "$seqshim" -m x --bogus true 2>&-
  [ $? = 2 ] || fail "wrong usage with standard error closed"
  "$seqshim" -m x --depth 99 true 2>&-
  [ $? = 2 ] || fail "a bad value with standard error closed"
  "$seqshim" -m x sh -c 'exit 9' <&- >&- 2>&-
  [ $? = 9 ] || fail "a command with all streams closed"
}

not_runnable() {
  run -m x no-such-command
  refused "not found" 127 no-such-command
  run -m x ./missing
  refused "missing file" 127 ./missing
  run -m x ''
  refused "empty command" 127 "can't run"
  touch plain
  run -m x ./plain
  refused "not executable" 126 "Permission denied"
  run -m x /
  refused "a directory" 126 "Permission denied"
  printf '#!/no/such/interpreter\n' >script
  chmod +x script
  run -m x ./script
  refused "missing interpreter" 127 /no/such/interpreter
  mkdir first second
  printf '#!/bin/sh\necho first\n' >first/tool
  printf '#!/bin/sh\necho second\n' >second/tool
  chmod +x second/tool
  PATH="$work/first:$work/second:$PATH" run -m x tool
  [ "$out" = second ] || fail "the search along PATH stops early: '$out' '$err'"
  printf 'echo no first line\n' >bare
  chmod +x bare
  run -m x ./bare
  [ "$out" = "no first line" ] || fail "a script without a first line: '$out' '$err'"
}

# build_program OUTPUT COMPILER FLAG...: false if that isn't to be had here.
build_program() {
  local output=$1 compiler=$2
  shift 2
  [ -e program.c ] || echo 'int main(void) { return 7; }' >program.c
  command -v "$compiler" >/dev/null && "$compiler" -o "$output" program.c "$@" 2>/dev/null
}

# patch_bytes FILE OFFSET BYTES: bytes as printf has them.
patch_bytes() { printf %b "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none; }

unreachable() {
  if build_program static gcc -static; then
    run -m x ./static
    refused "static" 126 "statically linked"
    printf '#!%s/static\n' "$work" >script
    run -m x ./script
    refused "script of a static interpreter" 126 "statically linked"
    printf '#!/usr/bin/env %s/static\n' "$work" >script
    run -m x ./script
    refused "script of env and a static interpreter" 126 "statically linked"
    PATH="$work:$PATH" run -m x static
    refused "static along PATH" 126 "statically linked"
  fi
  if build_program static gcc -static-pie; then
    run -m x ./static
    refused "static-pie" 126 "statically linked"
  fi
  if build_program musl musl-gcc; then
    run -m x ./musl
    refused "another C library" 126 "another C library"
  fi
  if build_program narrow gcc -m32; then
    run -m x ./narrow
    refused "32-bit" 126 "32-bit"
  fi
}

# Programs as they are, and with their headers changed.
headers() {
  build_program program gcc || return
  run -m x ./program
  check "an ordinary program" 7
  [ -z "$err" ] || fail "an ordinary program: '$err'"
  cp program patched && patch_bytes patched 18 '\x16\x00'
  run -m x ./patched
  refused "another machine" 126 "another kind of machine"
  cp program patched && patch_bytes patched 4 '\1'
  run -m x ./patched
  refused "another class" 126 "32-bit"
  build_program lost gcc -Wl,--dynamic-linker=/no/such/ld.so
  run -m x ./lost
  refused "a missing dynamic linker" 127 "its dynamic linker /no/such/ld.so"
  touch ld-musl.so.1 && chmod +x ld-musl.so.1
  build_program foreign gcc -Wl,--dynamic-linker="$work/ld-musl.so.1"
  run -m x ./foreign
  refused "another dynamic linker" 126 "another C library ($work/ld-musl.so.1)"
  chmod -x ld-musl.so.1
  run -m x ./foreign
  refused "a dynamic linker that can't be run" 126 "Permission denied"
  head -c 30 program >patched
  run -m x ./patched
  [ "$code" != 0 ] || fail "a program cut short runs"
}

go_programs() {
  if build_program program gcc && command -v objcopy >/dev/null; then
    echo info >info
    objcopy --add-section .go.buildinfo=info program gone 2>/dev/null
    run -m x ./gone
    check "Go's section" 7
    [[ $err == "seqshim: ./gone is a Go program: "* ]] || fail "Go's section: '$err'"
  fi
  command -v go >/dev/null || return
  mkdir -p go
  printf 'package main\nimport "C"\nimport "os"\nfunc main() { os.Exit(7) }\n' >go/dynamic.go
  printf 'package main\nimport "os"\nfunc main() { os.Exit(7) }\n' >go/static.go
  export GOCACHE=$work/go/cache GOFLAGS=-mod=mod GOTOOLCHAIN=local
  if go build -o go/dynamic go/dynamic.go 2>/dev/null; then
    run -m x go/dynamic
    check "Go with C" 7
    [[ $err == *"is a Go program"* ]] || fail "Go with C: '$err'"
    go build -ldflags '-s -w -buildid=' -o go/stripped go/dynamic.go
    run -m x go/stripped
    [[ $err == *"is a Go program"* ]] || fail "Go with C, stripped: '$err'"
  fi
  if CGO_ENABLED=0 go build -o go/static go/static.go 2>/dev/null; then
    run -m x go/static
    refused "Go without C" 126 "statically linked"
  fi
}

more_rights() {
  [ "$(id -u)" = 0 ] || return
  cp /bin/true owned && chown 65534:65534 owned && chmod 4755 owned
  run -m x ./owned
  refused "set-user-ID" 126 "more rights"
  chown 0:65534 owned && chmod 2755 owned
  run -m x ./owned
  refused "set-group-ID" 126 "more rights"
  printf '#!%s/owned\n' "$work" >script && chmod 4755 script
  run -m x ./script
  refused "script of a set-group-ID interpreter" 126 "more rights"
  command -v setpriv >/dev/null || return
  # For nobody, who must find the way there.
  chmod 755 "$work"
  local nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
  "${nobody[@]}" test -x "$seqshim" || return
  chown 0:0 owned && chmod 755 owned
  if command -v setcap >/dev/null && setcap cap_net_raw=ep owned 2>/dev/null; then
    out=$("${nobody[@]}" "$seqshim" -m x ./owned 2>"$work/err") && code=0 || code=$?
    err=$(<"$work/err")
    refused "file capabilities" 126 "more rights"
    out=$("${nobody[@]}" setpriv --no-new-privs "$seqshim" -m x ./owned 2>"$work/err") && code=0 || code=$?
    err=$(<"$work/err")
    check "file capabilities that don't count" 0
  fi
  cp /bin/true owned && chown 0:0 owned && chmod 4755 owned
  out=$("${nobody[@]}" "$seqshim" -m x ./owned 2>"$work/err") && code=0 || code=$?
  err=$(<"$work/err")
  refused "set-user-ID root for nobody" 126 "more rights"
  out=$(setpriv --ruid 65534 --keep-groups "$seqshim" -m x true 2>"$work/err") && code=0 || code=$?
  err=$(<"$work/err")
  refused "a process that has more rights already" 126 "more rights"
}

# Each against what env(1) ends with.
codes_of_env() {
  local name
  mkdir -p codes/directory
  printf 'x' >codes/plain
  printf '#!/no/such\n' >codes/lost
  printf '#!/usr/bin/env no-such-command\n' >codes/lost-by-env
  printf '#!/bin/sh\nexit 5\n' >codes/script
  printf '#!/usr/bin/env -S sh -e\nexit 6\n' >codes/split
  printf '#!%s/codes/plain\n' "$work" >codes/denied
  printf 'exit 9\n' >codes/bare
  chmod +x codes/lost codes/lost-by-env codes/script codes/split codes/denied codes/bare
  for name in directory plain lost lost-by-env script split denied bare missing plain/below; do
    env "codes/$name" >/dev/null 2>&1
    local expected=$?
    run -m x "codes/$name"
    check "codes/$name" "$expected"
  done
}

reports() {
  echo old >report.json
  run -m x --report=report.json sh -c 'echo $SEQSHIM_REPORT'
  check "report" 0
  [ "$out" = "$work/report.json" ] || fail "the report's path is not absolute: '$out' '$err'"
  ! grep -q old report.json || fail "the old report is still there"
  ln -s target link
  run -m x --report=link true
  refused "a report through a link" 125 "symbolic links"
  [ ! -e target ] || fail "the report went through a link"
  run -m x --report=no/such/directory true
  refused "a report that can't be written" 125 "No such file"
  mkdir sub
  run -m x --log sub/log sh -c 'cd / && echo $SEQSHIM_LOG'
  [ "$out" = "$work/sub/log" ] || fail "the log's path is not absolute: '$out' '$err'"
}

library() {
  local place libraries
  for place in bin "a b" 'a$LIB'; do
    mkdir -p "$place" && cp "$seqshim" "$place/"
  done
  seqshim=$work/bin/seqshim
  run -m x true
  refused "no library" 125 libseqshim.so
  libraries=${err##* }
  mkdir -p lib/other "bin/$libraries" && touch lib/other/libseqshim.so
  cp "$build/libseqshim.so" "bin/$libraries/"
  run -m x sh -c 'echo $LD_PRELOAD'
  [ "$out" = "$(realpath "bin/$libraries/libseqshim.so")" ] || fail "installed: '$out' '$err'"
  for place in "a b" 'a$LIB'; do
    cp "$build/libseqshim.so" "$place/"
    seqshim="$work/$place/seqshim"
    run -m x true
    refused "a library that can't be named" 125 blanks
  done
  seqshim=$build/seqshim
}

# On a mount without exec nothing can be loaded from.
library_without_exec() {
  unshare -m true 2>/dev/null || return
  mkdir -p noexec
  # $0 is the build directory.
  out=$(unshare -m sh -euc 'mount -t tmpfs none noexec && cp "$0/libseqshim.so" noexec/
    mkdir run && cp "$0/seqshim" run/ && ln -s ../noexec/libseqshim.so run/ && mount -o remount,noexec noexec
    exec run/seqshim -m x true' "$build" 2>"$work/err") && code=0 || code=$?
  err=$(<"$work/err")
  refused "a library that can't be loaded" 125 "noexec"
}

help_and_version
exit_codes
environment
command_line
dry_run
config_file
wrong_files
called_as_another
verbose
unwritable_output
wrong_usage
closed_streams
not_runnable
unreachable
headers
go_programs
more_rights
codes_of_env
reports
library
library_without_exec
[ "$failures" = 0 ]
