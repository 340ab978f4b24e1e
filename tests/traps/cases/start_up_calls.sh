# shellcheck shell=bash disable=SC2034,SC2154
# What a process pays that touches no matching file (nocache#50: 70 ms for /bin/true): the system
# calls of loading one library, and next to nothing more. The clock is bench/startup.sh's.
managed=no
setup() { need strace; }
count() { wc -l <"$WORK/trace"; }
run() {
  local plain
  strace -o "$WORK/trace" /bin/true
  plain=$(count)
  strace -o "$WORK/trace" -E LD_PRELOAD="$lib" "${settings[@]/#/-E}" /bin/true
  # Loading takes openat, read, fstat, four or five mmaps and mprotects, and close.
  if [ $(($(count) - plain)) -le 25 ]; then echo few; else echo "$(count) for $plain"; fi
  if grep -qE '^(memfd_create|clone)' "$WORK/trace"; then echo "memory or a thread"; fi
}
