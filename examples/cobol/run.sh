#!/usr/bin/env bash
# Finds out why a COBOL program's file doesn't go direct, and makes it.
#
# For whoever has batch programs in GnuCOBOL. Its runtime locks each file that it opens, in case that
# others write there too; and a file that is locked seqshim leaves to the kernel: the bytes are right,
# but nothing is gained. The report says so. Files below /dev are not locked; so a program whose file
# has no other writer can be told, by the environment, that it is the standard output:
#
#     DD_INVOICES=/dev/stdout seqshim -m invoices.dat -- invoices 2000000 >invoices.dat
#
# The program (invoices.cob) stays as it is.
#
#     run.sh [DIRECTORY]    works in a new or empty directory, which is kept; else in a temporary one
#     SIZE=1G run.sh        with that much to write; 128M if not said
#
# Needs gnucobol3.
set -euo pipefail
# shellcheck source=examples/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
begin 128M "$@"
need cobc gnucobol3

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
count=$((BYTES / 128))
cd "$DIR"
cobc -x -O2 -o invoices "$here/invoices.cob"

export DD_INVOICES=profiled.dat
if offers profile; then seqshim profile -- ./invoices "$count"; rm profiled.dat; fi

DD_INVOICES=locked.dat seqshim -m locked.dat --report=report -- ./invoices "$count"
locked=$(left_cached locked.dat)
cat report

export DD_INVOICES=/dev/stdout
if offers compare; then
  seqshim compare -n 2 -m compared.dat --output compared.dat -- ./invoices "$count"
  rm compared.dat
fi
# shellcheck disable=SC2094 # the first invoices.dat is a pattern
seqshim -m invoices.dat --report=report -- ./invoices "$count" >invoices.dat
left=$(left_cached invoices.dat)
cat report

cmp locked.dat invoices.dat || fail "the files differ"
say "cobol: $count records, $(mib invoices.dat) MiB, the same both ways."
say "Locked, $locked; as standard output, $left."
