# shellcheck shell=bash disable=SC2034
# One descriptor by several threads (lines may come in any order), and one each.
needs=python3
run() {
  "$PYTHON" - <<'PY'
import os, threading
shared = os.open("shared", os.O_WRONLY | os.O_CREAT, 0o644)
def work(n):
    with open("own%d" % n, "wb", buffering=0) as f:
        for i in range(3000):
            os.write(shared, b"thread %d line %d\n" % (n, i))
            f.write(b"thread %d line %d\n" % (n, i) * (i % 30))
threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
[t.start() for t in threads]; [t.join() for t in threads]
PY
}
normalise() { sort_in_place shared; }
title='python3, 4 threads, one file'
large() {
  "$PYTHON" - <<'PY'
import os, threading
shared = os.open("shared", os.O_WRONLY | os.O_CREAT, 0o644)
def work(n):
    for i in range(5000):
        os.write(shared, b"thread %d line %4d %s\n" % (n, i, b"x" * 980))
threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
[t.start() for t in threads]; [t.join() for t in threads]
PY
}
