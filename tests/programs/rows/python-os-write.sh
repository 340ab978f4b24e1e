# shellcheck shell=bash disable=SC2034
needs=python3
run() {
  "$PYTHON" - <<'PY'
import os
fd = os.open("f", os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o640)
for i in range(50000):
    os.write(fd, b"%07d." % i)
print(os.fstat(fd).st_size, os.lseek(fd, 0, os.SEEK_CUR), os.pread(fd, 16, 399984))
os.writev(fd, [b"a" * 5000, b"", b"b" * 70000, b"c"])
os.ftruncate(fd, 300001); print(os.lseek(fd, 0, os.SEEK_END)); os.write(fd, b"tail")
os.ftruncate(fd, 500000); print(os.stat("f").st_size)
os.rename("f", "g"); os.write(fd, b"still here"); os.fchmod(fd, 0o600)
copy = os.dup(fd); os.close(fd); os.write(copy, b"z" * 10000)
PY
}
title='python3 os.write'
large() { "$PYTHON" -c 'import os
fd = os.open("a", os.O_WRONLY | os.O_CREAT)
for i in range(20000): os.write(fd, b"x" * 1000)'; }
