# shellcheck shell=bash disable=SC2034
needs=python3
run() {
  "$PYTHON" - <<'PY'
import os
fd = os.open("random", os.O_RDWR | os.O_CREAT, 0o644)
s = 1
for i in range(5000):
    s = (s * 1103515245 + 12345) & 0x7fffffff
    os.pwrite(fd, b"%d" % s * 50, s % 2000000)
    if i % 500 == 0:
        print(len(os.pread(fd, 100000, s % 1000000)), os.fstat(fd).st_size)
fd = os.open("sequential", os.O_WRONLY | os.O_CREAT, 0o644)
for i in range(40000):
    os.pwrite(fd, b"%09d\n" % i, i * 10)
fd = os.open("backwards", os.O_WRONLY | os.O_CREAT, 0o644)
for i in range(5000, -1, -1):
    os.pwrite(fd, b"%099d\n" % i, i * 100)
PY
}
