# What the rows of tests/programs see: run by run.sh in the row's own output directory, this whole
# shell preloaded or not.
# $1: the row's file. $2: which of its functions to call.
# shellcheck shell=bash
set -eu

# A program of this row that isn't preloaded, whatever its shell is.
plain() { env -u LD_PRELOAD "$@"; }

# Goes on after a failure, and has its code compared.
code() {
  local code=0
  "$@" || code=$?
  echo "exit code of $1: $code"
}

# Runs the script on stdin by bash and by dash, in a directory each.
in_shells() {
  local script shell
  script=$(cat)
  for shell in bash dash; do
    mkdir "$shell"
    (cd "$shell" && exec "$shell" -euc "$script")
  done
}

sort_in_place() {
  local file
  for file; do sort -o "$file" "$file"; done
}

setup() { :; }
normalise() { :; }
# shellcheck disable=SC1090
. "$1"
"$2"
