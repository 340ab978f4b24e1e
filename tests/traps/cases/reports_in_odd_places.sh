# shellcheck shell=bash disable=SC2034,SC2154
# A report and a log where everybody may write, and has prepared something: they are never written
# to what a link leads to, hold nobody up, and are nobody else's to read.
managed=no  # the report that says so is elsewhere
setup() {
  cat >"$WORK/writer.c" <<'C'
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
int main(void) {
  const int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0644);
  for (int i = 0; i < 100000; ++i)
    if (write(fd, "0123456789", 10) != 10) return 1;
  /* Handed back, which the log is told. */
  if (mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED) return 2;
  return close(fd);
}
C
  compile "$WORK/program" "$WORK/writer.c"
}

# prepare_place: what an enemy leaves where he may.
prepare_place() {
  local place=$WORK/place
  rm -rf "$place"
  mkdir -p "$place/directory"
  chmod 1777 "$place"
  echo precious >"$WORK/victim"
  ln -s "$WORK/victim" "$place/link"
  ln -s "$WORK/created" "$place/dangling"
  ln -s loop "$place/loop"
  mkfifo "$place/fifo"
}

# attempt NAME: with a report and a log there; the program itself is always the same.
attempt() {
  (umask 0 && preloaded env SEQSHIM_REPORT="$WORK/place/$1" SEQSHIM_LOG="$WORK/place/$1" \
    "${limited[@]}" "$WORK/program")
}

run() {
  local name limited=()
  prepare_place
  for name in link dangling loop fifo directory file/below missing/directory file.json file; do
    attempt "$name"
    echo "$name: $?"
  done
  # Closed, and where no number is to be had.
  # shellcheck disable=SC2016
  limited=(sh -c 'ulimit -n 4; exec "$0" 2>&-')
  attempt few
  echo "few: $?"
  cat "$WORK/victim"
  [ ! -e "$WORK/created" ] || echo 'a link was followed'
  [ -z "$lib" ] && return
  stat -c '%a %n' "$WORK/place/file" "$WORK/place/file.json" >"$WORK/modes"
  printf '600 %s\n' "$WORK/place/file" "$WORK/place/file.json" | diff - "$WORK/modes"
  grep -q 'hand-back.*mapped' "$WORK/place/file" || echo 'no log'
  grep -q '"bytes_written": *[1-9]' "$WORK/place/file.json" || echo 'no report'
}
