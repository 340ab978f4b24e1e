#!/usr/bin/env bash
# Programs, forks, kills and full disks at random for as long as asked, and then a differential run.
#
#   run.sh BUILD_DIR [MINUTES [SEED]]     30 minutes by default; the seed is printed
#
# Exit code 1, and what failed, as soon as anything does.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/lib.sh
. "$here/../support/lib.sh"
use_build "$1"
minutes=${2:-30}
RANDOM=${3:-$$}
note "soak of $minutes minutes, seed ${3:-$$}"
fresh_dir soak

kinds=(kill term stop-kill segv abort pipe exit-group exec-static exec overflow memory early late many
  idle guard-first guard-killed guard-stopped)
groups=(mixed io process-tree stdio copy)
mapfile -t full < <(sed -n 's/^test_\([a-z0-9_]*\)().*/\1/p' "$here/../full/run.sh" | tr _ -)
mapfile -t rows < <(cd "$here/../programs/rows" && printf '%s\n' *.sh | sed 's/\.sh$//')

one_of() { printf '%s' "${@:RANDOM % $# + 1:1}"; }
seed() { printf '%s' $((RANDOM * 32768 + RANDOM)); }

kills() {
  "$BUILD/tests/kills" --kind "$(one_of "${kinds[@]}")" --from "$(seed)" --seeds 20 --jobs 2 \
    --lib "$LIB" --dir "$WORK/kills"
}
sequences() {
  "$BUILD/tests/differential" --group "$(one_of "${groups[@]}")" --from "$(seed)" --seeds 200 --jobs 2 \
    --lib "$LIB" --dir "$WORK/differential"
}
# Skipped is as good as done.
test_of() {
  local code=0
  bash "$here/../$1/run.sh" "$BUILD" "$2" || code=$?
  [ $code = 0 ] || [ $code = 77 ]
}
full_disk() { test_of full "$(one_of "${full[@]}")"; }
program() { test_of programs "$(one_of "${rows[@]}")"; }

declare -A done_of=()
# round FUNCTION: its words are shown only if it fails.
round() {
  if ! "$1" >"$WORK/log" 2>&1; then
    cat "$WORK/log"
    fail "$1, after $SECONDS s"
  fi
  done_of[$1]=$((${done_of[$1]:-0} + 1))
}

while [ $SECONDS -lt $((minutes * 60)) ]; do
  round "$(one_of kills sequences full_disk program kills sequences)"
done
for group in "${groups[@]}"; do
  "$BUILD/tests/differential" --group "$group" --from "$(seed)" --seeds 1000 --jobs 2 --lib "$LIB" \
    --dir "$WORK/differential"
done
for kind in "${!done_of[@]}"; do printf '%s: %d rounds\n' "$kind" "${done_of[$kind]}"; done
