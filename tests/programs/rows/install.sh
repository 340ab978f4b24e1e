# shellcheck shell=bash disable=SC2034
needs='install mv ln'
mtimes='d|moved'
run() {
  install -m 0751 "$IN/noise" a; install -D -m 0600 "$IN/text" x/y/z/b
  install -p "$IN/noise" d; cp -p "$IN/text" m; mv m moved; ln moved linked; mv -f a x/y
}
title='install'
large() { install -m 0640 "$IN/large" a; }
