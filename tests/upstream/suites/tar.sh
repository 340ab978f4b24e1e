# GNU tar's own tests, of a tar built from Debian's source; a unit is a test's number.
# shellcheck shell=bash

prepare_tar() {
  fetch_source tar
  build_source tar
  local dir=$CACHE/tar/tests
  [ -x "$dir/ckmtime" ] || make -C "$dir" genfile checkseekhole ckmtime >>"$CACHE/tar.log" 2>&1
}

units_tar() {
  "$CACHE/tar/tests/testsuite" --list | sed -nE 's/^ *([0-9]+): .*/\1/p'
}

# A test's name begins with its number.
units_of_tar() { printf '%s\n' "${@%% *}"; }

# The suite's script runs its tests in the directory that it is started in.
run_tar() {
  local out=$1 testsuite=$CACHE/tar/tests/testsuite
  shift
  (cd "$out" && cp "$CACHE"/tar/tests/at{config,local} . &&
    TMPDIR=$out "${PRELOAD[@]}" sh "$testsuite" -j"$JOBS" "$@" </dev/null >"$out/log" 2>&1) || true
  sed -nE 's/^ *([0-9]+): (.*[^ ]) +(ok|skipped.*|FAILED.*|expected.*|UNEXPECTED.*)$/\1 \2\t\3/p' \
    "$out/log" | awk -F'\t' '{print $1 "\t" tar_result($2)}
      function tar_result(said) {
        return said == "ok" || said ~ /^expected/ ? "pass" : said ~ /^skipped/ ? "skip" : "fail"
      }' >>"$out/results"
}

exceptions_tar() {
  cat <<'END'
END
}
