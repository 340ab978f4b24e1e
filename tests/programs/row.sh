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

# For programs that store times of access: from now on, and for a day, reading changes none.
read_once() { find "$@" -type f -exec cat {} + >/dev/null; }

# Serves $IN over HTTP on the loopback; finish() calls stop_serving.
start_serving() { python3 "$(dirname "${BASH_SOURCE[0]}")/serve.py" "$IN" "$BESIDE/server"; }
served() { printf 'http://127.0.0.1:%s/%s' "$(sed -n 1p "$BESIDE/server")" "$1"; }
stop_serving() { kill "$(sed -n 2p "$BESIDE/server")"; }

# A PostgreSQL server of its own, which isn't preloaded, at $PGHOST; finish() calls stop_postgres.
# It refuses to run as root, and its socket's path must be short.
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
start_postgres() {
  local data
  data=$(as_postgres mktemp -d /tmp/seqshim-pg.XXXXXX)
  ln -s "$data" "$BESIDE/postgres"
  (cd / && as_postgres initdb -D "$data/data" -U postgres -A trust -E UTF8 --no-sync >/dev/null)
  cat >>"$data/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$data'
fsync = off
autovacuum = off
shared_buffers = 16MB
CONF
  (cd / && as_postgres pg_ctl -D "$data/data" -s -w -l "$data/log" start)
}
use_postgres() {
  PGHOST=$(readlink "$BESIDE/postgres")
  export PGHOST PGUSER=postgres
}
stop_postgres() {
  local data
  data=$(readlink "$BESIDE/postgres") || return 0
  (cd / && as_postgres pg_ctl -D "$data/data" -s -m immediate stop) || true
  rm -rf "$data"
}

prepare() { :; }
setup() { :; }
normalise() { :; }
finish() { :; }
# shellcheck disable=SC1090
. "$1"
"$2"
