# shellcheck shell=bash disable=SC2034
needs=python3
mtimes='x/.*/[ft][0-9]+'
run() {
  "$PYTHON" - <<'PY'
import zipfile, tarfile, os, gzip
src = os.environ["IN"]
with zipfile.ZipFile("a.zip", "w", zipfile.ZIP_DEFLATED) as z:
    z.write(src + "/noise", "noise"); z.write(src + "/text", "text")
with zipfile.ZipFile("a.zip", "a") as z:
    z.write(src + "/small-text", "small"); print(z.testzip(), z.namelist())
with tarfile.open("a.tar", "w") as t:
    t.add(src + "/tree", "tree")
with tarfile.open("a.tar") as t:
    t.extractall("x")
with gzip.GzipFile("a.gz", "wb", mtime=1) as g:
    g.write(open(src + "/text", "rb").read())
PY
}
title='python3 tarfile'
large() { "$PYTHON" -c 'import tarfile, os
with tarfile.open("a.tar", "w") as t: t.add(os.environ["IN"] + "/large-tree", "large-tree")'; }
