# Rounds of the micro suite, for the scripts that compare two ways to run it: source it after lib.sh.
# They set $dir, where the files are to be, $seconds and $filter.
# shellcheck shell=bash disable=SC2154

# micro_round PROGRAM LIBRARY|'' RESULTS: once; appends "name cpu-ns" of each benchmark to the file
# RESULTS. What has a manual time instead (it isn't the caller's) is that.
micro_round() {
  local preload=()
  [ -z "$2" ] || preload=(LD_PRELOAD="$2" SEQSHIM_MATCH='*.bench')
  (cd "$dir" && env "${preload[@]}" "$1" --benchmark_format=csv --benchmark_min_time="$seconds" \
    --benchmark_filter="$filter" 2>/dev/null) |
    awk -F, -v ns='ns 1 us 1e3 ms 1e6' 'BEGIN {n = split(ns, v, " "); for (i = 1; i < n; i += 2) unit[v[i]] = v[i + 1]}
      $5 in unit {
        gsub(/"/, "", $1)
        time = $1 ~ /\/manual_time$/ ? $3 : $4
        sub(/\/(manual_time|iterations:.*)$/, "", $1)
        print $1, time * unit[$5]
      }' >>"$3"
}

# micro_median RESULTS NAME: nothing if it wasn't run.
micro_median() { awk -v name="$2" '$1 == name {print $2}' "$1" | median; }

# micro_join RESULTS RESULTS: "name median median" of each benchmark that is in both.
micro_join() {
  local name other
  while read -r name; do
    other=$(micro_median "$2" "$name")
    [ -z "$other" ] || printf '%s %s %s\n' "$name" "$(micro_median "$1" "$name")" "$other"
  done < <(awk '!seen[$1]++ {print $1}' "$1")
}
