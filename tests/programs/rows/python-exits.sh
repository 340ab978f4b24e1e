# shellcheck shell=bash disable=SC2034
# The many ways to go with the file open.
needs=python3
run() {
  "$PYTHON" -c 'import os; f = open("os_exit", "wb", 0); [f.write(b"x" * 777) for i in range(1000)]; os._exit(5)' || echo $?
  "$PYTHON" -c 'import sys; f = open("sys_exit", "wb"); [f.write(b"x" * 777) for i in range(1000)]; sys.exit(6)' || echo $?
  "$PYTHON" -c 'f = open("raise", "w"); [f.write("x" * 777) for i in range(1000)]; f.flush(); raise SystemExit' || echo $?
  "$PYTHON" -c 'import os; os.write(1, b"y" * 100001); print("stdout"); os.execlp("echo", "echo", "exec")' >exec
  "$PYTHON" -c 'print("z" * 100001)' >stdout
  # The shell's message has a process number in it.
  { "$PYTHON" -c 'import os; f = open("abort", "wb", 0); f.write(b"x" * 300001); os.abort()' || echo $?; } 2>/dev/null
}
