# Shared by the scripts that do the same work plain and with the shim, in each way to come by it, and
# compare what was printed and what files were left. Source it after lib.sh; who does defines
#   do_work WAY         the work, in an empty directory of which each file matches; $settings are to be
#                       in its environment, and WAY none is without the shim; 77: skipped
#   was_managed NAME    whether that run's report, $WORK/NAME.json, shows what is to be seen there
# shellcheck shell=bash disable=SC2034,SC2154

# compile OUTPUT SOURCE FLAG...: a program or library of the tests.
compile() {
  local output=$1 source=$2
  shift 2
  "${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Werror -pthread -I"$here" \
    -o "$output" "$source" "$@"
}

# run_as NAME WAY SETTING...: once; the directory then is $WORK/NAME.
run_as() {
  local name=$1 way=$2 code=0
  shift 2
  local settings=("SEQSHIM_MATCH=$WORK/out/*" "$@")
  mkdir "$WORK/out"
  : >"$WORK/$name.json"
  chmod 777 "$WORK/out"
  chmod 666 "$WORK/$name.json"
  (cd "$WORK/out" && do_work "$way") >"$WORK/$name.stdout" 2>"$WORK/$name.stderr" </dev/null || code=$?
  if [ "$code" = 77 ]; then
    cat "$WORK/$name.stdout" "$WORK/$name.stderr" >&2
    exit 77
  fi
  echo "$code" >"$WORK/$name.code"
  (cd "$WORK/out" && find . -printf '%P %y %#m %U:%G %s bytes\n' | sed '/ d /s/ [0-9]* bytes$//' | sort) \
    >"$WORK/$name.files"
  chmod -R u+rwX "$WORK/out"
  mv "$WORK/out" "$WORK/$name"
}

# same_as_plain NAME: prints what differs.
same_as_plain() {
  local what bad=0
  for what in code stdout stderr files; do
    diff -U2 "$WORK/plain.$what" "$WORK/$1.$what" >&2 || bad=1
  done
  diff -rq --no-dereference "$WORK/plain" "$WORK/$1" >&2 || bad=1
  return "$bad"
}

# one_way NAME WAY SETTING...: runs and judges it.
one_way() {
  local good=yes
  run_as "$@"
  same_as_plain "$1" || good=no
  if [[ " $* " = *' SEQSHIM_REPORT='* ]] && [ -n "$LIB" ]; then was_managed "$1" || good=no; fi
  rm -rf "${WORK:?}/$1"
  [ $good = yes ] || { note "FAILED: $*"; return 1; }
}

# side_by_side CODE CLUSTERS WAY...: plain, which must end with this code; in each way with each of
# these sizes of clusters and each engine, and every byte cached; and by default, when no more than
# large files are.
side_by_side() {
  local code=$1 clusters=$2 way cluster engine name bad=0
  shift 2
  run_as plain none
  if [ "$(cat "$WORK/plain.code")" != "$code" ]; then
    cat "$WORK/plain.stdout" "$WORK/plain.stderr" >&2
    fail "the plain run ended with $(cat "$WORK/plain.code")"
  fi
  for way; do
    for cluster in $clusters; do
      for engine in thread sync; do
        name=$way-$cluster-$engine
        one_way "$name" "$way" "SEQSHIM_REPORT=$WORK/$name.json" SEQSHIM_DIRECT_MIN=0 \
          "SEQSHIM_CLUSTER=$cluster" "SEQSHIM_ENGINE=$engine" || bad=1
      done
    done
    one_way "$way-by-default" "$way" || bad=1
  done
  return "$bad"
}
