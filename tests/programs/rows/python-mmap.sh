# shellcheck shell=bash disable=SC2034
needs=python3
run() {
  "$PYTHON" - <<'PY'
import mmap, os
with open("f", "w+b", buffering=0) as f:
    for i in range(1000):
        f.write(b"%0999d\n" % i)
    with mmap.mmap(f.fileno(), 0) as m:
        print(m[:1003][-5:], m[999000:].strip()[-3:], len(m))
        m[5000:5005] = b"mmap!"
        f.seek(5000); print(f.read(5))
        f.seek(0, 2); f.write(b"behind the map")
        m[0:3] = b"abc"; m.flush()
    f.write(b"after")
PY
}
title='python3 mmap'
residue='written through mmap: handed back'
large() {
  "$PYTHON" -c 'import mmap
with open("f", "w+b") as f:
    f.truncate(20 << 20)
    with mmap.mmap(f.fileno(), 0) as m: m[:] = b"m" * len(m)'
}
