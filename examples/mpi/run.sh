#!/usr/bin/env bash
# Runs an MPI program, two ranks of which write a shared file and a file each.
#
# For whoever has simulations that write checkpoints. seqshim goes before the program, not before
# mpirun: so it is there on every machine that mpirun starts ranks on.
#
#     mpirun -n 2 seqshim -m '/scratch/*' -- ./field /scratch/shared /scratch/own 10000
#
# The report lists files *.locktest.* as well: with them Open MPI tries whether locks work.
#
#     run.sh [DIRECTORY]    works in a new or empty directory, which is kept; else in a temporary one
#     SIZE=1G run.sh        with that much to write, half of it shared; 128M if not said
#
# Needs Open MPI (openmpi-bin, libopenmpi-dev).
set -euo pipefail
# shellcheck source=examples/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
begin 128M "$@"
need mpicc libopenmpi-dev
need mpirun openmpi-bin

# On this machine only: no other transport is needed, nor a way to start ranks elsewhere.
export OMPI_MCA_btl=self,vader OMPI_MCA_plm=isolated OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
count=$((BYTES / 4 / 16384))
cd "$DIR"
mkdir plain direct
mpicc -std=c99 -O2 -Wall -Wextra -o field "$here/field.c"

mpirun -n 2 ./field plain/shared plain/own "$count"
mpirun -n 2 "$SEQSHIM" -m 'direct/*' --report -- ./field direct/shared direct/own "$count"
left=$(left_cached direct)

diff -r plain direct || fail "the files differ from those of a run without seqshim"
say "mpi: $(mib direct/shared) MiB in the shared file and $(mib direct/own.*) MiB in one for each rank," \
  "the same as without seqshim."
say "Of them, $left."
