#!/bin/bash
# seqshim report, end to end. Usage: report_test.sh BUILD_DIR. Silent success; else each failed check
# by name.
# shellcheck disable=SC2016 # what stands in single quotes is for the command's shell
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/support.sh"

# Reports of real programs: tar alone, and a pipeline whose processes share an output directory.
make_reports() {
  mkdir source out
  head -c 3000000 /dev/urandom >source/one
  head -c 2000000 /dev/zero >source/two
  run -m '*.tar' --report=tar.json tar cf out/plain.tar source
  check "tar" 0
  run -m 'out/*' --report=pipeline.json sh -c 'tar cf - source | tee out/copy.tar | gzip -1 >out/small.gz
    cp out/copy.tar out/again.tar'
  check "a pipeline" 0
}

one_report() {
  run report tar.json
  check "one report" 0
  [[ $out == "seqshim "*": tar, pid "*" 4.7"?"M in "*"to 1 file"* ]] || fail "one report: '$out' '$err'"
  [[ $out == *"  lasted 0."*"; CPU: user "* ]] || fail "no times: '$out'"
  [[ $out == *"$work/out/plain.tar" ]] || fail "no row for the file: '$out'"
  [[ $out != *"all "* ]] || fail "a sum of one: '$out'"
  # As the program itself would have printed it.
  run -m '*.tar' --report tar cf out/plain.tar source
  local printed=${err#*"engine"}
  run report tar.json
  [ "$(sed -n '2s/ in .*//p' <<<"$out")" = "$(sed -n '2s/ in .*//p' <<<"$printed")" ] ||
    fail "--report prints '$printed', report '$out'"
}

a_tree() {
  run report pipeline.json
  check "a tree" 0
  local program
  for program in tee gzip cp; do
    [[ $out == *": $program, pid "* ]] || fail "no $program in '$out'"
  done
  [[ $out =~ $'\n'"all "[34]" processes: " ]] || fail "no sum: '$out'"
}

# What the intervals of each process sum up to.
timeline() {
  python3 - "$work/pipeline.json" <<'END' || fail "the timeline doesn't add up"
import json, sys
for line in open(sys.argv[1]):
    process = json.loads(line)
    timeline, totals = process["timeline"], process["totals"]
    landed = totals["bytes_direct"] + totals["bytes_buffered"]
    assert sum(timeline["landed"]) == landed, (timeline, totals)
    assert sum(timeline["written"]) == totals["bytes_written"], (timeline, totals)
    assert sum(timeline["wait_ns"]) == totals["wait_ns"], (timeline, totals)
    assert len(timeline["landed"]) <= 64
    assert len(timeline["landed"]) * timeline["bucket_ms"] * 1000000 >= process["wall_ns"]
    assert 0 < process["wall_ns"] < 60e9, process["wall_ns"]
    assert process["user_us"] + process["system_us"] > 0
END
}

# A child's timeline begins with the child; the parent's isn't told twice.
forked() {
  run -m '*.out' --report=forked.json python3 -c '
import os, sys, time
out = open("parent.out", "wb", buffering=0)
out.write(bytes(1 << 21))
time.sleep(0.2)
if os.fork() == 0:
    with open("child.out", "wb", buffering=0) as mine: mine.write(bytes(1 << 20))
    sys.exit()
os.wait()'
  check "fork" 0
  python3 - <<'END' || fail "fork: $(<forked.json)"
import json
child, parent = [json.loads(line) for line in open("forked.json")]
assert [file["path"][-9:] for file in child["files"]] == ["child.out"], child["files"]
assert child["pid"] != parent["pid"]
assert child["timeline"]["start_ms"] >= parent["timeline"]["start_ms"] + 200
assert child["wall_ns"] < parent["wall_ns"]
assert sum(child["timeline"]["landed"]) == 1 << 20
assert sum(parent["timeline"]["landed"]) == 2 << 20
END
}

two_reports() {
  run report tar.json pipeline.json
  check "two reports" 0
  [[ $out == "A: tar.json: tar, 1 process"$'\n'"B: pipeline.json: "* ]] || fail "two reports: '$out'"
  grep -qE '^bytes direct +4\.[0-9]+M +[0-9.]+M +[0-9.]+$' <<<"$out" || fail "no ratio: '$out'"
  grep -qE "^ +4\.7.M +- +[0-9.]+ % +- .* $work/out/plain.tar$" <<<"$out" || fail "no file of A alone: '$out'"
}

pages() {
  run report --html page.html tar.json
  check "a page" 0
  [ -z "$out$err" ] || fail "a page: '$out' '$err'"
  [ "$(sed -n '1p;$p' page.html)" = "<!DOCTYPE html>"$'\n'"</html>" ] || fail "the page isn't whole"
  grep -q "$work/out/plain.tar" page.html || fail "the page lacks the file"
  run report tar.json --html both.html pipeline.json
  check "options after the report" 0
  grep -q '<h3>B: Bytes over time</h3>' both.html || fail "the page of two lacks B"
  local stdout
  for stdout in - /dev/stdout; do
    run report --html "$stdout" tar.json
    [ "$out" = "$(<page.html)" ] || fail "a page to $stdout isn't the same"
  done
}

wrong_usage() {
  run report
  refused "no report" 2 "one report, or two"
  run report tar.json tar.json tar.json
  refused "three reports" 2 "not 3"
  run report --bogus tar.json
  refused "unknown option" 2 "--bogus"
  run report tar.json --html
  refused "--html without a file" 2 "--html"
  run report --help
  check "help" 0
  [[ $out == *"Usage: seqshim report "* && $(wc -l <<<"$out") -le 24 ]] || fail "help: '$out'"
}

bad_reports() {
  run report missing.json
  refused "a missing report" 125 "missing.json: No such file"
  run report .
  refused "a directory" 125 "Is a directory"
  : >empty.json
  run report empty.json
  refused "an empty report" 125 "is empty"
  head -c 500 tar.json >cut.json
  run report cut.json
  refused "a report cut short" 125 "cut.json:1: broken JSON"
  { cat tar.json && echo '{"program":}'; } >broken.json
  run report broken.json
  refused "broken JSON" 125 "broken.json:2: broken JSON at byte 12"
  run report tar.json broken.json
  refused "broken JSON of the second" 125 "broken.json:2:"
  echo '{"name":"package","version":"1.0"}' >other.json
  run report other.json
  refused "other JSON" 125 "other.json:1: not a report"
  run -m '*.tar' --report=text.txt tar cf out/plain.tar source
  run report text.txt
  refused "a report as text" 125 "ends in .json"
  run report $'no\nsuch\e'
  refused "a strange name" 125 "no?such?"
  [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null || return
  cp tar.json private.json && chmod 600 private.json && chmod 711 "$work"
  setpriv --reuid 65534 --regid 65534 --clear-groups test -x "$seqshim" || return
  out=$(setpriv --reuid 65534 --regid 65534 --clear-groups "$seqshim" report private.json 2>"$work/err") &&
    code=0 || code=$?
  err=$(<"$work/err")
  refused "an unreadable report" 125 "private.json: Permission denied"
}

bad_outputs() {
  echo old >old.html
  run report --html missing/page.html tar.json
  refused "a page in no directory" 125 "No such file"
  run report --html out tar.json
  refused "a page over a directory" 125 "Is a directory"
  run report --html /dev/full tar.json
  refused "a page on a full disk" 125 "No space left"
  run report --html old.html broken.json
  refused "a page of a broken report" 125 "broken JSON"
  [ "$(<old.html)" = old ] || fail "the old page is gone"
  # No file may grow: half of a page would be there.
  out=$(ulimit -f 1 && trap '' XFSZ && "$seqshim" report --html old.html tar.json 2>"$work/err") && code=0 || code=$?
  err=$(<"$work/err")
  refused "a page beyond the largest file size" 125 "File too large"
  [ "$(<old.html)" = old ] || fail "half a page is there"
  [ "$(find . -name 'old.html*' | wc -l)" = 1 ] || fail "something is left over: $(ls)"
  "$seqshim" report tar.json >/dev/full 2>"$work/err" && code=0 || code=$?
  out='' err=$(<"$work/err")
  refused "a full standard output" 125 "standard output: No space left"
  "$seqshim" report tar.json >&- 2>"$work/err" && code=0 || code=$?
  err=$(<"$work/err")
  refused "a closed standard output" 125 "standard output: Bad file descriptor"
  "$seqshim" report missing.json 2>&- && code=0 || code=$?
  check "a closed standard error" 125
  "$seqshim" report --html closed.html tar.json <&- >&- 2>&- && code=0 || code=$?
  check "a page with everything closed" 0
  [ "$(tail -n 1 closed.html)" = "</html>" ] || fail "a page with everything closed isn't whole"
}

make_reports
one_report
a_tree
timeline
forked
two_reports
pages
wrong_usage
bad_reports
bad_outputs
[ "$failures" = 0 ]
