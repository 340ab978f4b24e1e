# shellcheck shell=bash disable=SC2034
# Patches its headers when it is done.
needs=sox
raw='-t raw -r 48000 -e signed -b 16 -c 2'
run() {
  sox $raw "$IN/noise" a.wav; sox a.wav b.voc; sox a.wav -t au - >c.au; sox $raw "$IN/noise" -t wav - >d.wav
  sox a.wav e.wav trim 1 reverse; sox -n -r 8000 -c 1 f.wav synth 3 sine 440; sox a.wav f.wav -t raw - 2>/dev/null >g || true
}
title='sox to wav'
large() { sox $raw "$IN/large" a.wav; }
