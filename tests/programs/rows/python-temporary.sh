# shellcheck shell=bash disable=SC2034
# mkstemp, rename into place, unlink while open, a second descriptor of the path.
needs=python3
run() {
  "$PYTHON" - <<'PY'
import os, tempfile
fd, name = tempfile.mkstemp(dir=".")
os.write(fd, b"t" * 300000); os.fsync(fd); os.rename(name, "placed"); os.write(fd, b"more"); os.close(fd)
with tempfile.TemporaryFile(dir=".") as t:
    t.write(b"gone" * 50000); t.seek(3); print(t.read(5))
with tempfile.NamedTemporaryFile(dir=".", buffering=0) as t:
    t.write(b"named" * 30000); print(os.path.getsize(t.name), open(t.name, "rb").read()[-5:])
a = os.open("two", os.O_WRONLY | os.O_CREAT, 0o644); b = os.open("two", os.O_RDWR)
for i in range(2000):
    os.write(a, b"a" * 100)
    if i % 100 == 0:
        print(len(os.read(b, 1000000)), end=" ")
os.pwrite(b, b"B" * 5000, 4000); print(os.stat("two").st_size)
PY
}
