#!/usr/bin/env bash
# Finds out how an old Fortran program writes, and what direct writes would bring it.
#
# For whoever has a batch job that nobody will touch any more, and a disk that could do better:
#
#     seqshim profile -- ledger ledger.dat 4000000                     how it writes, and from where
#     seqshim compare -m ledger.dat -- ledger ledger.dat 4000000       plain against seqshim
#     seqshim -m ledger.dat -- ledger ledger.dat 4000000               and from then on
#
# The program (ledger.f90) is compiled as it is, without a library or an option of seqshim's.
#
#     run.sh [DIRECTORY]    works in a new or empty directory, which is kept; else in a temporary one
#     SIZE=1G run.sh        with that much to write; 256M if not said
#
# Needs gfortran.
set -euo pipefail
# shellcheck source=examples/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
begin 256M "$@"
need gfortran gfortran

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
count=$((BYTES / 64))
cd "$DIR"
gfortran -O2 -g -o ledger "$here/ledger.f90"

if offers profile; then seqshim profile -- ./ledger profiled.dat "$count"; rm profiled.dat; fi
if offers compare; then
  seqshim compare -n 2 -m compared.dat -- ./ledger compared.dat "$count"
  rm compared.dat
fi

./ledger plain.dat "$count"
seqshim -m ledger.dat -- ./ledger ledger.dat "$count"
left=$(left_cached ledger.dat)

cmp plain.dat ledger.dat || fail "the ledger isn't what the program writes alone"
say "fortran: $count records, $(mib ledger.dat) MiB, the same as without seqshim. Of them, $left."
