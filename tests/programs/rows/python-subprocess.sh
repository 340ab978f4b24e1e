# shellcheck shell=bash disable=SC2034
# The child is handed the descriptor; its own writes and ours go to one description.
needs=python3
run() {
  "$PYTHON" - <<'PY'
import subprocess, os
with open("f", "wb", buffering=0) as f:
    for i in range(20):
        f.write(b"parent %d " % i * 500)
        subprocess.run(["sh", "-c", "echo child; head -c 3000 /dev/zero"], stdout=f, check=True)
    subprocess.run(["env", "-u", "LD_PRELOAD", "echo", "unpreloaded"], stdout=f, close_fds=True)
    f.write(b"last")
subprocess.run("seq 50000 > seq; cat seq seq > two", shell=True)
os.system("echo system >> seq")
with os.popen("cat > popen", "w") as p:
    p.write("x" * 100000)
PY
}
title='python3 subprocess > file'
large() { "$PYTHON" -c 'import os, subprocess
with open("a", "wb") as f: subprocess.run(["dd", "if=" + os.environ["IN"] + "/large", "bs=10k", "status=none"], stdout=f, check=True)'; }
