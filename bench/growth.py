#!/usr/bin/env python3
"""What a byte costs, plain and with seqshim, while something grows.

  bytes      one file, from 1 MiB to 16 GiB (--most)
  files      1 to 10,000 files open at the same time and written in turns, with SEQSHIM_MEMORY=64M
  threads    1 to 64 threads with a file each
  processes  1 to 64 processes with a file each
  cluster    one file, SEQSHIM_CLUSTER from 64K to 16M
  depth      one file, SEQSHIM_DEPTH from 1 to 16

All write pieces of 10 KiB (--piece), and every byte is read back and compared. A second per GB is a
nanosecond per byte. To durable: until syncfs has returned; before that the program is done. Peak is what
one process had resident at most, seqshim's clusters included.
"""
import argparse
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ladder.accounts import Accounts
from ladder.main import machine
from ladder.rendering import heading, line, number
from ladder.rounds import rotated
from ladder.rungs import BASE_ENVIRONMENT
from ladder.summary import Summary, spread
from ladder.tools import Tools
from support.curves import Curves, draw
from support.settings import library_of, note, parser_of, preloaded, save, workplace

SOURCE = Path(__file__).resolve().parent / "support" / "writers.c"
KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
# Of a file system that is nearly full seqshim leaves files to the kernel; and others want room, too.
LEAVE_FREE = 4 * GIB
FEWEST_DESCRIPTORS = 3  # of ours for each file of the program's
METRICS = {"durable": "s/GB to durable", "written": "s/GB until closed", "cpu": "CPU s/GB", "peak": "peak MiB"}


@dataclass(frozen=True)
class Shape:
    """What is written, in all files x size x workers bytes."""
    size: int
    files: int = 1
    workers: int = 1
    kind: str = "threads"

    @property
    def bytes(self) -> int:
        return self.size * self.files * self.workers


@dataclass(frozen=True)
class Point:
    x: float
    label: str
    shape: Shape
    # By rung: seqshim's settings, None for plain.
    rungs: dict[str, dict[str, str] | None]


def size_text(count: int) -> str:
    for unit, name in ((GIB, "G"), (MIB, "M"), (KIB, "K")):
        if count >= unit:
            return f"{count / unit:g}{name}"
    return str(count)


def both(**settings: str) -> dict[str, dict[str, str] | None]:
    return {"plain": None, "seqshim": settings}


def bytes_points(chosen: argparse.Namespace) -> Iterator[Point]:
    size = MIB
    while size <= chosen.most:
        yield Point(size, size_text(size), Shape(size), both())
        size *= 4
    # 16 GiB is a power of four of MiB; another --most may not be.
    if size // 4 < chosen.most:
        yield Point(chosen.most, size_text(chosen.most), Shape(chosen.most), both())


def files_points(chosen: argparse.Namespace) -> Iterator[Point]:
    for files in (1, 10, 100, 1000, 2500, 5000, 10_000):
        if files > chosen.most_files:
            return
        if files * FEWEST_DESCRIPTORS > resource.getrlimit(resource.RLIMIT_NOFILE)[1]:
            note(f"{files} files: seqshim wants more descriptors than the limit of "
                 f"{resource.getrlimit(resource.RLIMIT_NOFILE)[1]} allows, some will be left to the kernel")
        # In all the same, but at least what a file is written in two pieces of.
        size = max(chosen.size // files, 2 * chosen.piece)
        yield Point(files, str(files), Shape(size, files), both(SEQSHIM_MEMORY="64M"))


def workers_points(chosen: argparse.Namespace, kind: str) -> Iterator[Point]:
    for workers in (1, 2, 4, 8, 16, 32, 64):
        yield Point(workers, str(workers), Shape(chosen.size // workers, workers=workers, kind=kind), both())


def setting_points(chosen: argparse.Namespace, name: str, values: dict[str, float]) -> Iterator[Point]:
    for value, x in values.items():
        yield Point(x, value, Shape(chosen.size), {"seqshim": {name: value}})


CLUSTERS = {size_text(KIB << i): KIB << i for i in range(6, 15)}
DEPTHS = {str(depth): depth for depth in (1, 2, 3, 4, 6, 8, 12, 16)}


@dataclass(frozen=True)
class Section:
    title: str
    x_title: str
    points: list[Point]


def sections_of(chosen: argparse.Namespace) -> dict[str, Section]:
    return {
        "bytes": Section("One file that grows", "bytes", list(bytes_points(chosen))),
        "files": Section("Open files, written in turns, SEQSHIM_MEMORY=64M", "files", list(files_points(chosen))),
        "threads": Section("Threads with a file each", "threads", list(workers_points(chosen, "threads"))),
        "processes": Section("Processes with a file each", "processes", list(workers_points(chosen, "processes"))),
        "cluster": Section("SEQSHIM_CLUSTER (1M unless set)", "SEQSHIM_CLUSTER",
                           list(setting_points(chosen, "SEQSHIM_CLUSTER", CLUSTERS))),
        "depth": Section("SEQSHIM_DEPTH (4 unless set)", "SEQSHIM_DEPTH",
                         list(setting_points(chosen, "SEQSHIM_DEPTH", DEPTHS))),
    }


class Bench:
    def __init__(self, chosen: argparse.Namespace, work: Path, accounts: Accounts):
        self._piece = chosen.piece
        self._library = library_of(chosen)
        self._writers = Tools(work / "tools").compiled(str(SOURCE))
        self._work = work
        self._accounts = accounts
        self._runs = 0
        self.wrong = 0

    def one(self, point: Point, settings: dict[str, str] | None) -> dict[str, float]:
        # A directory that is new: where ext4 has just freed inodes it looks at each before it takes another.
        self._runs += 1
        out = self._work / f"out{self._runs}"
        out.mkdir()
        os.sync()
        environment = BASE_ENVIRONMENT if settings is None else preloaded(self._library, out, settings)
        before = self._accounts.read()
        answer = self._call("write", out, point.shape, environment, self._accounts.join)
        written, durable, peak = map(float, answer.split())
        self._accounts.wait_until_empty()
        used = self._accounts.read().since(before)
        wrong = int(self._call("check", out, point.shape, BASE_ENVIRONMENT))
        if wrong:
            self.wrong += wrong
            note(f"WRONG: {wrong} of the files of {point.label}, {settings}")
        subprocess.run(["rm", "-r", out], check=True)
        gb = point.shape.bytes / 1e9
        return {"durable": durable / gb, "written": written / gb,
                "cpu": (used.user + used.system + (used.kernel or 0)) / gb, "peak": peak}

    def _call(self, what: str, out: Path, shape: Shape, environment: dict[str, str], first: Any = None) -> str:
        arguments = [shape.files, shape.size, self._piece, shape.workers]
        return subprocess.run([self._writers, what, out, *map(str, arguments), shape.kind], env=environment,
                              preexec_fn=first, check=True, capture_output=True, text=True).stdout


Results = dict[str, dict[str, dict[str, Summary | None]]]


def measure(section: Section, bench: Bench, rounds: int) -> Results:
    """By point and rung. A round is all of them, starting at another one each time."""
    turns = [(point, rung) for point in section.points for rung in point.rungs]
    found: dict[tuple[str, str], list[dict[str, float]]] = {}
    for turn in range(rounds):
        for point, rung in rotated(turns, turn):
            found.setdefault((point.label, rung), []).append(bench.one(point, point.rungs[rung]))
        note(f"{section.x_title}: round {turn + 1}")
    return {point.label: {rung: {metric: spread(run[metric] for run in found[point.label, rung])
                                 for metric in METRICS} for rung in point.rungs} for point in section.points}


def print_table(section: Section, results: Results) -> None:
    rungs = list(section.points[0].rungs)
    compared = len(rungs) == 2
    print(f"\n### {section.title}\n")
    columns = [f"{rung}: {title}" if compared else title for title in METRICS.values() for rung in rungs]
    print(heading([section.x_title, "in all", *columns, *(["seqshim / plain, to durable", "CPU"] if compared else []),
                   "seqshim, durable x the first"]))
    first = results[section.points[0].label]["seqshim"]["durable"]["median"]
    for point in section.points:
        row = results[point.label]
        medians = {(metric, rung): row[rung][metric]["median"] for metric in METRICS for rung in rungs}
        cells = [number(medians[metric, rung], 1 if metric == "peak" else 3) for metric in METRICS for rung in rungs]
        if compared:
            cells += [number(medians[metric, "seqshim"] / medians[metric, "plain"], 2) for metric in ("durable", "cpu")]
        print(line([point.label, size_text(point.shape.bytes), *cells,
                    number(medians["durable", "seqshim"] / first, 2)]))


def plot(name: str, section: Section, results: Results, directory: Path) -> None:
    for metric in ("durable", "cpu"):
        series = {rung: {point.x: results[point.label][rung][metric] for point in section.points}
                  for rung in section.points[0].rungs}
        draw(Curves(f"growth-{name}-{metric}", section.title, section.x_title, METRICS[metric], series,
                    {point.x: point.label for point in section.points}), directory)


def size(text: str) -> int:
    units = {"K": KIB, "M": MIB, "G": GIB}
    return int(text[:-1]) * units[text[-1]] if text[-1:] in units else int(text)


def options() -> argparse.Namespace:
    parser = parser_of(__doc__, rounds=3)
    add = parser.add_argument
    add("--most", type=size, default=16 * GIB, help="the largest file of `bytes`, 16G")
    add("--most-files", type=int, default=10_000, metavar="N", help="of `files`, 10000")
    add("--size", type=size, default=GIB, help="what all others write in all, 1G")
    add("--piece", type=size, default=10 * KIB, help="one write, 10K")
    add("--plots", type=Path, metavar="DIR", help="SVG and PNG, by gnuplot")
    add("sections", nargs="*", metavar="SECTION", help="all, unless some are named")
    chosen = parser.parse_args()
    known = ("bytes", "files", "threads", "processes", "cluster", "depth")
    for name in chosen.sections:
        if name not in known:
            parser.error(f"there is no section {name}")
    chosen.sections = chosen.sections or list(known)
    return chosen


def main() -> int:
    chosen = options()
    with workplace(chosen, "growth") as work:
        free = os.statvfs(work)
        largest = max(MIB, free.f_bavail * free.f_frsize - LEAVE_FREE)
        if chosen.most > largest:
            note(f"{size_text(chosen.most)} is more than is free here")
            chosen.most = 1 << (largest.bit_length() - 1)
        accounts = Accounts()
        bench = Bench(chosen, work, accounts)
        print(f"{machine(work)}; pieces of {size_text(chosen.piece)}, medians of {chosen.rounds} interleaved rounds. "
              f"CPU: {accounts.contains}.", flush=True)
        result = {}
        try:
            for name in chosen.sections:
                section = sections_of(chosen)[name]
                result[name] = measure(section, bench, chosen.rounds)
                print_table(section, result[name])
                if chosen.plots:
                    plot(name, section, result[name], chosen.plots)
        finally:
            accounts.remove()
    save(chosen, {"settings": {"piece": chosen.piece, "rounds": chosen.rounds, "size": chosen.size}, **result})
    return 1 if bench.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
