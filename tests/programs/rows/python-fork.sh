# shellcheck shell=bash disable=SC2034
needs=python3
run() {
  "$PYTHON" - <<'PY'
import os
fd = os.open("f", os.O_WRONLY | os.O_CREAT, 0o644)
os.write(fd, b"parent first " * 1000)
for n in range(5):
    pid = os.fork()
    if pid == 0:
        for i in range(100):
            os.write(fd, b"child %d %04d " % (n, i) * 10)
        os._exit(0)
    os.waitpid(pid, 0)
    os.write(fd, b"parent %d " % n * 700)
print(os.lseek(fd, 0, os.SEEK_CUR))
if os.fork() == 0:
    os.write(fd, b"last words"); os._exit(3)
print(os.wait()[1])
os._exit(0)
PY
}
title='python3, writing and forking'
large() {
  "$PYTHON" - <<'PY'
import os
fd = os.open("f", os.O_WRONLY | os.O_CREAT, 0o644)
for n in range(20):
    for i in range(512):
        os.write(fd, b"p" * 1000)
    pid = os.fork()
    if pid == 0:
        for i in range(512):
            os.write(fd, b"c" * 1000)
        os._exit(0)
    os.waitpid(pid, 0)
PY
}
