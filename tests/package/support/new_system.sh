#!/usr/bin/env bash
# new_system.sh DEB: run in a root where there is nothing but Debian itself: apt brings what the package
# depends on, and the program works, by the command and without it.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
cd "$(dirname "$1")"

# backup COMMAND...: the command is tar's.
backup() {
  rm -f out.tar report.json
  "$@" tar cf "$PWD/out.tar" -C / usr/share
  tar df out.tar -C /
  grep -q '"bytes_written": *[1-9]' report.json
}

apt-get update -qq
apt-get install -y -qq --no-install-recommends "$1"
backup seqshim -m "$PWD/*.tar" --report="$PWD/report.json" --
backup env LD_PRELOAD=libseqshim.so SEQSHIM_MATCH='*.tar' SEQSHIM_REPORT="$PWD/report.json"
apt-get purge -y -qq seqshim
[ ! -e /usr/bin/seqshim ]
