# shellcheck shell=bash disable=SC2034
# sendfile, copy_file_range, copystat.
needs=python3
mtimes='(copy2|tree/.*)'
run() {
  "$PYTHON" - <<'PY'
import shutil, os
src = os.environ["IN"]
shutil.copy(src + "/noise", "copy"); shutil.copy2(src + "/noise", "copy2")
shutil.copytree(src + "/src", "tree"); shutil.copy("copy", "again"); shutil.move("again", "moved")
with open(src + "/noise", "rb") as i, open("kernel", "wb", 0) as o:
    o.write(b"head" * 3000)
    print(os.copy_file_range(i.fileno(), o.fileno(), 500000))
    o.write(b"middle" * 3000)
    print(os.sendfile(o.fileno(), i.fileno(), 0, 400000))
    o.write(b"tail" * 3000)
    print(o.tell(), i.tell())
PY
}
title='python3 shutil.copyfile'
large() { "$PYTHON" -c 'import os, shutil
shutil.copyfile(os.environ["IN"] + "/large", "a")'; }
