# shellcheck shell=bash disable=SC2034
needs=python3
run() {
  "$PYTHON" - <<'PY'
import multiprocessing, sqlite3
def part(number):
    with open("shared", "r+b") as f:
        f.seek(number * 100003); f.write(bytes([65 + number]) * 100003)
    with open(f"part{number}", "w") as f:
        for i in range(5000): print(number, i, file=f)
    return number
if __name__ == "__main__":
    open("shared", "wb").close()
    with multiprocessing.get_context("fork").Pool(3) as pool:
        print(sum(pool.map(part, range(8))))
    queue = multiprocessing.get_context("fork").SimpleQueue()
    def child(f):
        f.write("from the child\n"); f.flush(); queue.put("done")
    with open("handed", "w") as f:
        f.write("x" * 10000); f.flush()
        process = multiprocessing.get_context("fork").Process(target=child, args=(f,))
        process.start(); print(queue.get()); process.join(); f.write("from the parent\n")
    db = sqlite3.connect("a.db")
    db.execute("create table t(a, b)")
    db.executemany("insert into t values (?, ?)", ((i, "row %d" % i) for i in range(20000)))
    db.commit(); print(db.execute("pragma integrity_check").fetchone()); db.close()
PY
}
