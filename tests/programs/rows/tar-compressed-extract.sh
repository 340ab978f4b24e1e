# shellcheck shell=bash disable=SC2034
needs='tar gzip'
mtimes='.+/.+'
setup() { tar czf a.tgz -C "$IN" tree; touch -d 2020-01-01 a.tgz; }
run() { tar xpzf a.tgz; }
