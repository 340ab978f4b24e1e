# shellcheck shell=bash disable=SC2034,SC2154
# What a process pays that touches no matching file (nocache#50: 70 ms for /bin/true): the system
# calls of loading one library, and next to nothing more. The clock is bench/startup.sh's.
managed=no
setup() { need strace; }
count() { wc -l <"$WORK/trace"; }
run() {
  local plain most=25
  # Before glibc 2.34 dlsym is in a library of its own, that is loaded, too.
  if [ -n "$lib" ] && [[ $(ldd "$lib") = *libdl* ]]; then most=35; fi
  strace -o "$WORK/trace" /bin/true
  plain=$(count)
  strace -o "$WORK/trace" -E LD_PRELOAD="$lib" "${settings[@]/#/-E}" /bin/true
  # Loading takes openat, read, fstat, four or five mmaps and mprotects, and close.
  if [ $(($(count) - plain)) -le "$most" ]; then echo few; else echo "$(count) for $plain"; fi
  if grep -qE '^(memfd_create|clone)' "$WORK/trace"; then echo "memory or a thread"; fi
}
