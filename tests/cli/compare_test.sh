#!/bin/bash
# `seqshim compare`, end to end. Usage: compare_test.sh BUILD_DIR. Silent success; else each failed
# check by name.
# shellcheck disable=SC2016 # what stands in single quotes is for the command's shell
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/support.sh"
# What is left there, a comparison has left.
export TMPDIR=$work/tmp
mkdir tmp

compare() { run compare "$@"; }

# Whether the page cache is something else than the storage.
on_disk() { [[ $(stat -f -c %T .) != @(tmpfs|ramfs|btrfs|zfs) ]]; }

# verdict_has NAME WORDS: the last line of the last run.
verdict_has() { [[ ${out##*$'\n'} == *"$2"* ]] || fail "$1: the verdict '${out##*$'\n'}' lacks '$2'"; }

# json EXPRESSION: of what was saved as j.json, j.
json() { python3 -c "import json, sys; j = json.load(open('j.json')); print($1)"; }

# is NAME EXPRESSION VALUE
is() {
  local value
  value=$(json "$2" 2>&1)
  [ "$value" = "$3" ] || fail "$1: $2 is '$value', not '$3'"
}

write_16M() { echo dd if=/dev/zero "of=$1" bs=10k count=1639 status=none; }

help_fits_a_screen() {
  compare --help
  check help 0
  [ "$(wc -l <<<"$out")" -le 40 ] || fail "help has $(wc -l <<<"$out") lines"
  [ "$(awk '{ if (length > most) most = length } END { print most }' <<<"$out")" -le 100 ] || fail "help is too wide"
}

gains() {
  local plot=()
  ! command -v gnuplot >/dev/null || plot=(--plot p.svg)
  # shellcheck disable=SC2046
  compare -n 3 --json j.json "${plot[@]}" -p 'rm -f out; echo >>prepared' -- $(write_16M out)
  check gains 0
  [ -z "$err" ] || fail "gains: '$err'"
  shows gains 'plain + sync'
  shows gains 'write calls '
  shows gains "dd if=/dev/zero of=out"
  [ "$(wc -l <prepared)" = 6 ] || fail "prepared $(wc -l <prepared) times"
  is runs '[r["way"] for r in j["runs"]]' \
    "['seqshim', 'plain', 'plain', 'seqshim', 'seqshim', 'plain']"
  is "the program's calls" 'j["summary"]["write_calls"]["plain_sync"]["median"]' 1639.0
  is settings 'j["shim"]' "{'SEQSHIM_MATCH': '*'}"
  is "the verdict is the same" 'j["verdict"] + "."' "${out##*$'\n'}"
  is "time passes" 'all(0 < r["seconds"] < 60 and r["sync_seconds"] >= 0 for r in j["runs"])' True
  if [ "${#plot[@]}" -gt 0 ]; then
    grep -q '</svg>' p.svg || fail "no picture"
    grep -q 'of=out' p.svg || fail "the picture doesn't say of what"
  fi
  on_disk || return
  is "pieces" '10 < j["summary"]["write_calls"]["seqshim"]["median"] < 40' True
  is "plain leaves it in the cache" \
    'min(r["output_left_bytes"] for r in j["runs"] if r["way"] == "plain") >= 16 << 20' True
  is "seqshim doesn't" \
    'max(r["output_left_bytes"] for r in j["runs"] if r["way"] == "seqshim") <= 256 << 10' True
  verdict_has gains "leaves 0 instead of 16 MiB in the page cache"
}

pictures() {
  command -v gnuplot >/dev/null || return
  # shellcheck disable=SC2046
  compare -n 1 --plot p.png -- $(write_16M out)
  check picture 0
  [ "$(head -c 4 p.png | tail -c 3)" = PNG ] || fail "no PNG"
  compare -n 1 --plot nothing.svg true
  check "nothing to draw" 0
  grep -q '</svg>' nothing.svg || fail "no picture of nothing"
}

no_gain() {
  compare -n 1 -m '*.nothing' -- sh -c 'head -c 1M /dev/zero >out'
  verdict_has "another pattern" "no gain: nothing matched"
  compare -n 1 true
  verdict_has "no file" "no gain: nothing matched"
  compare -n 1 -- sh -c 'for i in 1 2 3; do head -c 100K /dev/zero >small.$i; done'
  verdict_has "small files" "no gain: all files stayed below 256K"
  compare -n 1 -- python3 -c 'import os
fd = os.open("out", os.O_RDWR | os.O_CREAT)
for i in range(4096): os.pwrite(fd, b"x" * 512, i * 7919 % 4096 * 512)'
  verdict_has "random writes" " % of its bytes are random 512-byte writes"
  compare -n 1 -- python3 -c 'import fcntl
with open("out", "wb", 0) as f:
  fcntl.lockf(f, fcntl.LOCK_EX)
  for i in range(100): f.write(bytes(10240))'
  verdict_has "locks" "no gain: its files were handed back (locked: "
  compare -n 1 -- sh -c 'for i in $(seq 100); do head -c 10K /dev/zero; done >>out'
  verdict_has "appending" "no gain: its files were handed back (append: "
  [ "$(stat -f -c %T /dev/shm)" = tmpfs ] || return
  local shared
  shared=$(mktemp /dev/shm/seqshim.XXXXXX)
  # shellcheck disable=SC2046
  compare -n 1 -- $(write_16M "$shared")
  verdict_has "tmpfs" "no gain: its files were handed back (memory-fs: "
  rm "$shared"
}

failing_commands() {
  compare -- sh -c 'echo x >>failed; exit 3'
  refused "a command that fails" 3 "exit code 3"
  [ "$(wc -l <failed)" = 1 ] || fail "it went on after a failure"
  compare -n 1 -- sh -c 'kill -SEGV $$'
  refused "a command that dies" 139 "exit code 139"
  # Only where it isn't shimmed.
  compare -n 1 -- sh -c '[ -n "$SEQSHIM_MATCH" ] || exit 4'
  refused "a plain run that fails" 4 "the plain run of round 1"
  compare -n 1 -i --json j.json -- sh -c 'exit 3'
  check "-i" 0
  is "-i" '[r["exit_code"] for r in j["runs"]]' '[3, 3]'
  compare -n 1 -p 'exit 5' -- touch ran
  refused "a preparation that fails" 125 "'exit 5' failed"
  [ ! -e ran ] || fail "it ran unprepared"
  compare -n 1 -i -p 'exit 5' -- true
  check "-i with a preparation" 0
}

wrong_usage() {
  compare
  refused "no command" 2 "no command"
  compare -n 1 --bogus true
  refused "unknown option" 2 "--bogus"
  compare -n 0 true
  refused "no rounds" 2 "--rounds"
  compare -n many true
  refused "rounds that are no number" 2 "--rounds"
  compare --warmup -1 true
  refused "fewer than no rounds" 2 "--warmup"
  compare --depth 99 true
  refused "a bad setting" 2 "SEQSHIM_DEPTH=99"
  compare --plot picture.gif true
  refused "another kind of picture" 2 ".svg or .png"
  compare --show-output --output x true
  refused "output to two places" 2 "--output"
}

cannot_begin() {
  compare no-such-command
  refused "not found" 127 no-such-command
  compare /
  refused "a directory" 126 "Permission denied"
  compare --json no/such/place touch ran
  refused "JSON to nowhere" 125 "no/such/place"
  compare --json . touch ran
  refused "JSON to a directory" 125 "Is a directory"
  compare --input no-such-file touch ran
  refused "no input" 125 "no-such-file"
  compare --output no/such/place touch ran
  refused "output to nowhere" 125 "no/such/place"
  mkdir -p programs
  local program
  for program in sh touch; do ln -sf "$(command -v $program)" programs/; done
  PATH=$work/programs compare --plot p.svg touch ran
  refused "no gnuplot" 125 "gnuplot"
  TMPDIR=$work/no-such-place compare touch ran
  refused "no place for the report" 125 "no-such-place"
  [ ! -e ran ] || fail "it ran all the same"
}

streams() {
  compare -n 1 -- sh -c 'echo sho""wn; echo al""so >&2'
  [[ $out$err != *shown* && $out$err != *also* ]] || fail "output that nobody asked for: '$out' '$err'"
  compare -n 1 --show-output -- sh -c 'echo sho""wn; echo also >&2'
  shows "--show-output" shown
  [ "$err" = $'also\nalso' ] || fail "--show-output: '$err'"
  echo given >given
  compare -n 1 --input given --output taken -- sh -c 'cat; cat'
  check "input and output" 0
  [ "$(cat taken)" = given ] || fail "taken is '$(cat taken)'"
  compare -n 1 --output taken -- cat
  [ ! -s taken ] || fail "the command has an input"
  "$seqshim" compare -n 1 true >/dev/full 2>err
  [ $? = 125 ] || fail "a full device isn't noticed"
  [ "$(wc -l <err)" = 1 ] || fail "a full device: '$(cat err)'"
  "$seqshim" compare -n 1 true >&- 2>err
  [ $? = 125 ] || fail "a closed output isn't noticed"
  [ "$(wc -l <err)" = 1 ] || fail "a closed output: '$(cat err)'"
  "$seqshim" compare -n 1 true <&- >out 2>&- || fail "closed streams: exit code $?"
  "$seqshim" compare -n 1 true 2>/dev/null | true
  [ "${PIPESTATUS[0]}" != 141 ] || fail "a closed pipe kills"
}

# The plain runs are that, whatever the environment says.
plain_is_plain() {
  SEQSHIM_MATCH='*.tar' SEQSHIM_READ='*' compare -n 1 --show-output -- sh -c 'echo "[$SEQSHIM_MATCH $SEQSHIM_READ]"'
  shows "plain environment" '[ ]'
  shows "shimmed environment" '[*.tar *]'
}

contents() {
  compare -n 2 -- sh -c 'date +%N >out'
  shows "what never is the same" "differs in $work/out; so does what two plain runs write"
  compare -n 2 --no-check -- sh -c 'date +%N >out'
  [[ $out != *differs* ]] || fail "--no-check: '$out'"
  compare -n 1 -- sh -c 'echo "$SEQSHIM_MATCH" >out'
  shows "what differs" "differs in $work/out"
}

# ends_by SIGNAL CODE: by a signal that is sent to the comparison alone.
ends_by() {
  local code=0 sleep
  sleep=$(printf '7%03d' $RANDOM)
  timeout --foreground --preserve-status -s "$1" 0.5 \
    "$seqshim" compare -- sh -c "sleep $sleep & sleep $sleep" >out 2>err || code=$?
  [ "$code" = "$2" ] || fail "SIG$1: exit code $code"
  [ -z "$(cat out err)" ] || fail "SIG$1: '$(cat out err)'"
  ! pgrep -f "sleep $sleep" >/dev/null || fail "SIG$1: the command goes on"
}

signals() {
  ends_by INT 130
  ends_by TERM 143
  ends_by HUP 129
  # What doesn't listen is killed.
  local code=0
  timeout --foreground --preserve-status -s INT 0.3 \
    "$seqshim" compare -- sh -c 'trap "" INT; exec sleep 7' >out 2>err || code=$?
  [ "$code" = 130 ] || fail "a deaf command: exit code $code"
}

# What is shown while it runs, is shown only there.
progress() {
  command -v script >/dev/null || return
  local shown
  shown=$(TERM=xterm script -qec "'$seqshim' compare -n 2 -w 1 true" /dev/null </dev/null)
  [[ $shown == *'warming up: seqshim'*'round 2 of 2: seqshim, about '* ]] || fail "no progress: '$shown'"
}

help_fits_a_screen
gains
pictures
no_gain
failing_commands
wrong_usage
cannot_begin
streams
plain_is_plain
contents
signals
progress
[ -z "$(ls tmp)" ] || fail "left behind: $(ls tmp)"
[ "$failures" = 0 ]
