# shellcheck shell=bash disable=SC2034
# A stdio file that is open for the whole run, several of them.
needs=find
run() { find "$IN" -fprint all -type f -fprintf files '%P %s\n' -o -type d -fprint0 dirs; }
