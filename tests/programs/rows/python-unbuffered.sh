# shellcheck shell=bash disable=SC2034
needs=python3
run() {
  "$PYTHON" - <<'PY'
with open("f", "wb", buffering=0) as f:
    for i in range(100000):
        f.write(b"line %d\n" % i)
PY
  "$PYTHON" -uc 'for i in range(20000): print("line", i)' >stdout
}
title='python3 unbuffered'
large() { "$PYTHON" -c 'f = open("a", "wb", buffering=0)
for i in range(200000): f.write(b"x" * 100)'; }
