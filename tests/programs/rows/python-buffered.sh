# shellcheck shell=bash disable=SC2034
needs=python3
run() {
  "$PYTHON" - <<'PY'
import os
with open("buffered", "wb") as f:
    for i in range(100000):
        f.write(b"line %d\n" % i)
with open("text", "w") as f:
    for i in range(50000):
        print("line", i, file=f)
    f.seek(1000); f.write("HERE"); f.seek(0, 2); f.write("end")
with open("mixed", "w+b") as f:
    f.write(bytes(range(256)) * 5000); f.flush()
    print(os.path.getsize("mixed"), f.tell())
    f.seek(777); print(f.read(5)); f.seek(4096 * 3 - 5); f.write(b"over the bound"); f.seek(0, 2); f.write(b"end")
with open("append", "ab") as f:
    for i in range(1000):
        f.write(b"x" * 1001)
    print(f.tell())
PY
}
title='python3 print'
large() { "$PYTHON" -c 'f = open("a", "w")
for i in range(500000): print("line", i, "of very many lines, in text", file=f)'; }
