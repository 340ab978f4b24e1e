#!/usr/bin/env python3
"""A tree of many small files, written by the programs that do, plain and with seqshim: all files match.

Jobs: tar x, cp -r, rsync -a, unzip, git checkout. The files have 0 to 64 KiB, the larger the fewer; in the
`mixed` tree (--mixed) there are large ones, too, which go direct. Wall time until the program ends; CPU time of its
processes, and beside it that of the kernel's threads.
"""
import argparse
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ladder.accounts import Accounts
from ladder.main import machine
from ladder.rendering import heading, line, number
from ladder.rounds import rotated
from ladder.rungs import BASE_ENVIRONMENT
from ladder.summary import Summary, spread
from support.settings import assignments, library_of, note, parser_of, preloaded, save, workplace

LARGE_FILES, LARGE_BYTES = 32, 16 << 20
FILES_PER_DIRECTORY = 100
# For so long ext4 looks at each inode that was freed before it takes another.
INODES_REST = 36


def make_tree(tree: Path, count: int, mixed: bool) -> None:
    chance = random.Random(5)
    noise = chance.randbytes(1 << 20)
    for i in range(count):
        directory = tree / f"{i // FILES_PER_DIRECTORY}"
        directory.mkdir(parents=True, exist_ok=True)
        size = 0 if i % 50 == 0 else int(2 ** chance.uniform(4, 16))
        start = chance.randrange(len(noise) - size)
        (directory / f"{i}").write_bytes(noise[start:start + size])
    for i in range(LARGE_FILES if mixed else 0):
        with open(tree / f"large{i}", "wb") as file:
            for _ in range(LARGE_BYTES // len(noise)):
                file.write(noise)


def run(*command: str | Path, directory: Path) -> None:
    subprocess.run(command, cwd=directory, env=BASE_ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)


def make_repository(work: Path) -> None:
    git = ["git", "-C", work / "tree"]
    run(*git, "init", "-q", directory=work)
    # Which would go on in the background, in a repository that has been moved.
    run(*git, "config", "gc.auto", "0", directory=work)
    run(*git, "add", "-A", directory=work)
    run(*git, "-c", "user.name=a", "-c", "user.email=a@localhost", "commit", "-q", "-m", "tree", directory=work)
    (work / "tree" / ".git").rename(work / "repository")


# What each job wants, made once, and what it runs.
PREPARED: dict[str, Callable[[Path], None]] = {
    "tar": lambda work: run("tar", "cf", "tree.tar", "tree", directory=work),
    "unzip": lambda work: run("zip", "-q", "-r", "-1", "tree.zip", "tree", directory=work),
    "git": make_repository,
}
COMMANDS: dict[str, Callable[[Path, Path], list[str | Path]]] = {
    "tar": lambda work, out: ["tar", "xf", work / "tree.tar", "-C", out],
    "cp": lambda work, out: ["cp", "-r", work / "tree", out],
    "rsync": lambda work, out: ["rsync", "-a", work / "tree", out],
    "unzip": lambda work, out: ["unzip", "-q", work / "tree.zip", "-d", out],
    "git": lambda work, out: ["git", f"--git-dir={work}/repository", f"--work-tree={out}", "checkout", "-q", "-f",
                              "HEAD"],
}


class Bench:
    def __init__(self, work: Path, accounts: Accounts):
        self._work = work
        self._accounts = accounts
        self._runs = 0
        self.bad = 0

    def one(self, job: str, environment: Callable[[Path], dict[str, str]], check: bool) -> dict[str, float]:
        # Nothing is removed before all is done: see INODES_REST.
        self._runs += 1
        out = self._work / "out" / str(self._runs)
        out.mkdir(parents=True)
        (self._work / "repository" / "index").unlink(missing_ok=True)
        os.sync()
        before = self._accounts.read()
        start = time.perf_counter()
        subprocess.run(COMMANDS[job](self._work, out), env=environment(out), preexec_fn=self._accounts.join, check=True)
        wall = time.perf_counter() - start
        self._accounts.wait_until_empty()
        used = self._accounts.read().since(before)
        if check and subprocess.run(["diff", "-rq", self._work / "tree", self._tree_in(out)]).returncode != 0:
            self.bad += 1
            note(f"WRONG: {job}")
        return {"wall": wall, "user": used.user, "system": used.system, "cpu": used.user + used.system,
                "kernel": used.kernel or 0}

    def _tree_in(self, out: Path) -> Path:
        return out / "tree" if (out / "tree").exists() else out

    def clear(self) -> None:
        shutil.rmtree(self._work / "out", ignore_errors=True)


Results = dict[str, dict[str, Summary | None]]


def print_table(job: str, rows: Results, count: int) -> None:
    plain = rows["plain"]
    print(f"\n### {job}\n")
    print(heading(["", "wall, s", "min - max", "x plain", "user, s", "system, s", "CPU x plain", "us per file",
                   "kernel threads, s"]))
    for name, row in rows.items():
        of = {metric: values["median"] for metric, values in row.items()}
        print(line([name, number(of["wall"], 3), f"{row['wall']['min']:.3f} - {row['wall']['max']:.3f}",
                    number(of["wall"] / plain["wall"]["median"], 3), number(of["user"], 3), number(of["system"], 3),
                    number(of["cpu"] / plain["cpu"]["median"], 3), number(of["cpu"] / count * 1e6, 1),
                    number(of["kernel"], 3)]))


def options() -> argparse.Namespace:
    parser = parser_of(__doc__, rounds=5)
    add = parser.add_argument
    add("--files", type=int, default=60_000, metavar="N", help="60000")
    add("--mixed", action="store_true", help=f"and {LARGE_FILES} of {LARGE_BYTES >> 20} MiB")
    add("--env", action="append", default=[], type=assignments, metavar="NAME=VALUE[,...]",
        help="one more rung: seqshim with these settings, or with another LD_PRELOAD")
    add("jobs", nargs="*", metavar="JOB", help="tar, cp, rsync, unzip, git: all, unless some are named")
    chosen = parser.parse_args()
    for name in chosen.jobs:
        if name not in COMMANDS:
            parser.error(f"there is no job {name}")
    return chosen


def main() -> int:
    chosen = options()
    library = library_of(chosen)
    rungs: dict[str, Callable[[Path], dict[str, str]]] = {
        "plain": lambda out: BASE_ENVIRONMENT,
        **{" ".join(["seqshim", *(f"{k}={v}" for k, v in settings.items())]):
           lambda out, settings=settings: preloaded(library, out, settings) for settings in [{}, *chosen.env]},
    }
    jobs = [job for job in chosen.jobs or COMMANDS if shutil.which(job) or note(f"without {job}")]
    result: dict[str, Results] = {}
    with workplace(chosen, "small-files") as work:
        accounts = Accounts()
        bench = Bench(work, accounts)
        print(f"{machine(work)}; {chosen.files} files{' and large ones' if chosen.mixed else ''}, medians of "
              f"{chosen.rounds} interleaved rounds.", flush=True)
        make_tree(work / "tree", chosen.files, chosen.mixed)
        try:
            for job in jobs:
                PREPARED.get(job, lambda work: None)(work)
                runs: dict[str, list[dict[str, float]]] = {name: [] for name in rungs}
                for turn in range(chosen.rounds):
                    for name in rotated(list(rungs), turn):
                        runs[name].append(bench.one(job, rungs[name], check=turn == 0))
                    note(f"{job}: round {turn + 1}")
                result[job] = {name: {metric: spread(one[metric] for one in found) for metric in found[0]}
                               for name, found in runs.items()}
                print_table(job, result[job], chosen.files)
                bench.clear()
                if job != jobs[-1]:
                    time.sleep(INODES_REST)
        finally:
            accounts.remove()
    save(chosen, {"settings": {"files": chosen.files, "mixed": chosen.mixed, "rounds": chosen.rounds}, **result})
    return 1 if bench.bad else 0


if __name__ == "__main__":
    sys.exit(main())
