# shellcheck shell=bash disable=SC2034
# Patches its header by seeking back.
needs=python3
run() {
  "$PYTHON" - <<'PY'
import wave
with wave.open("a.wav", "wb") as w:
    w.setnchannels(2); w.setsampwidth(2); w.setframerate(44100)
    for i in range(3000):
        w.writeframes(bytes((i * j) & 255 for j in range(400)))
PY
}
title='python3 wave'
residue='patches its header at each call: handed back'
large() { "$PYTHON" -c 'import wave
with wave.open("a.wav", "wb") as w:
    w.setparams((2, 2, 44100, 0, "NONE", "-"))
    for i in range(5000): w.writeframes(bytes(4096))'; }
