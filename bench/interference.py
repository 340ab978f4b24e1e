#!/usr/bin/env python3
"""What a reader suffers while something writes beside it.

Readers, each of 4 KiB at random places: `buffered` and `mapped` of a working set that is warm and nearly
fills the memory control group in which the writer is, too; `direct` of a file on the same disk, O_DIRECT.
For each rung, as long as it writes: how long a read takes, how many were refaults (had been in the page
cache, and weren't any more), and how fast the writer was.
"""
import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ladder.main import machine
from ladder.rendering import heading, line, number
from ladder.rounds import rotated
from ladder.rungs import BASE_ENVIRONMENT
from ladder.shell import quoted
from ladder.summary import spread
from ladder.tools import Tools
from support.memory_group import MemoryGroup, NoGroup
from support.settings import assignments, library_of, note, parser_of, preloaded, save, workplace

READERS = ("buffered", "mapped", "direct")
PERCENTILES = ("p50", "p99", "p999", "longest")
SOURCE = Path(__file__).resolve().parent / "support" / "reader.c"
# Of the group's memory: what the warm reader has, and what is left to the writer and all else.
WORKING_SET_PART = 0.75


@dataclass(frozen=True)
class Rung:
    title: str
    # Of the file and its MiB: what the shell does.
    command: Callable[[str, int], str]
    settings: dict[str, str] | None = None  # of seqshim; None: without


def dd(to: str, mib: int) -> str:
    return f"dd if=/dev/zero {to} bs=10k count={mib * 1024 // 10} status=none"


def rungs_of(chosen: argparse.Namespace) -> dict[str, Rung]:
    shimmed = {"seqshim": {}, **{f"seqshim {','.join(f'{k}={v}' for k, v in one.items())}": one for one in chosen.env}}
    return {
        "idle": Rung("idle", lambda file, mib: f"sleep {chosen.idle}"),
        "buffered": Rung("buffered, then fsync", lambda file, mib: f"{dd('of=' + file, mib)} conv=fsync"),
        "no-sync": Rung("buffered, no fsync", lambda file, mib: dd("of=" + file, mib)),
        "nocache": Rung("`nocache`, then fsync", lambda file, mib: f"nocache {dd('of=' + file, mib)} conv=fsync"),
        "piped": Rung("piped into `dd oflag=direct`", lambda file, mib:
                      f"{dd('', mib)} | dd of={file} iflag=fullblock bs=1M oflag=direct status=none"),
        **{title: Rung(title, lambda file, mib: f"{dd('of=' + file, mib)} conv=fsync", settings)
           for title, settings in shimmed.items()},
    }


@dataclass(frozen=True)
class Sample:
    latency: dict[str, float]  # us
    reads: int
    refaults: int
    mb_per_s: float | None


class Bench:
    def __init__(self, chosen: argparse.Namespace, work: Path):
        self._chosen = chosen
        self._library = library_of(chosen)
        self._reader = Tools(work / "tools").compiled(str(SOURCE))
        self._read = work / "read"
        self._out = work / "out"
        self._out.mkdir()
        subprocess.run(["dd", "if=/dev/urandom", f"of={self._read}", "bs=1M", "conv=fsync", "status=none",
                        f"count={int(chosen.limit * WORKING_SET_PART)}"], check=True)

    def one(self, kind: str, rung: Rung) -> Sample:
        group = MemoryGroup(self._chosen.limit << 20)
        try:
            return self._one(kind, rung, group)
        finally:
            group.remove()

    def _one(self, kind: str, rung: Rung, group: MemoryGroup) -> Sample:
        file = self._out / "out"
        pace = self._chosen.direct_pace if kind == "direct" else self._chosen.warm_pace
        with subprocess.Popen([self._reader, kind, self._read, str(pace)], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True, preexec_fn=group.join) as reader:
            if reader.stdout.readline() != "ready\n":
                sys.exit("the reader didn't start")
            before = group.refaults()
            reader.stdin.write("\n")
            reader.stdin.flush()
            took = self._write(rung, file, group)
            refaults = group.refaults() - before
            reader.stdin.close()
            count, *latencies = map(int, reader.stdout.read().split())
        written = file.stat().st_size if file.exists() else 0
        file.unlink(missing_ok=True)
        # Blocks that are freed are told to the disk, which shouldn't be while the next one reads.
        subprocess.run(["sync", "-f", self._out], check=True)
        return Sample({name: ns / 1000 for name, ns in zip(PERCENTILES, latencies, strict=True)}, count, refaults,
                      written / took / 1e6 if written else None)

    def _write(self, rung: Rung, file: Path, group: MemoryGroup) -> float:
        environment = BASE_ENVIRONMENT
        if rung.settings is not None:
            environment = preloaded(self._library, self._out, rung.settings)
        command = rung.command(quoted(file), int(self._chosen.size * 1024))
        start = time.monotonic()
        subprocess.run(["sh", "-c", command], env=environment, preexec_fn=group.join, check=True)
        return time.monotonic() - start


def summary_of(samples: list[Sample]) -> dict[str, Any]:
    return {
        "latency_us": {name: spread(one.latency[name] for one in samples) for name in PERCENTILES},
        "reads": spread(one.reads for one in samples),
        "refaults": spread(one.refaults for one in samples),
        "refaults_per_read": spread(one.refaults / max(1, one.reads) for one in samples),
        "mb_per_s": spread(one.mb_per_s for one in samples),
    }


def print_table(kind: str, rows: dict[str, dict[str, Any]], rungs: dict[str, Rung]) -> None:
    def median(row: dict[str, Any], what: str) -> float | None:
        return row[what]["median"] if row[what] else None

    def latency(row: dict[str, Any], what: str) -> float:
        return row["latency_us"][what]["median"]

    idle = latency(rows["idle"], "p99") if "idle" in rows else None
    print(f"\n### {kind} reader\n")
    print(heading(["", "p50, us", "p99", "p99, min - max", "p99 x idle", "p99.9", "longest", "refaults", "per read",
                   "writer, MB/s"]))
    for name, row in rows.items():
        p99 = row["latency_us"]["p99"]
        print(line([rungs[name].title, number(latency(row, "p50"), 2), number(p99["median"], 2),
                    f"{p99['min']:.2f} - {p99['max']:.2f}", number(p99["median"] / idle if idle else None, 2),
                    number(latency(row, "p999"), 1), number(latency(row, "longest"), 0),
                    number(median(row, "refaults"), 0), number(median(row, "refaults_per_read"), 4),
                    number(median(row, "mb_per_s"), 0)]))


def options() -> argparse.Namespace:
    parser = parser_of(__doc__, rounds=5)
    add = parser.add_argument
    add("--size", type=float, default=8, metavar="GIB", help="what each rung writes, 8")
    add("--limit", type=int, default=512, metavar="MIB",
        help=f"the group's memory, 512: the reader's file is {WORKING_SET_PART * 100:.0f}%% of it")
    add("--idle", type=float, default=8, metavar="SECONDS", help="how long the idle rung takes, 8")
    add("--warm-pace", type=int, default=10_000, metavar="N", help="warm reads per second at most, 10000")
    add("--direct-pace", type=int, default=1000, metavar="N", help="direct reads per second at most, 1000")
    add("--env", action="append", default=[], type=assignments, metavar="NAME=VALUE[,...]",
        help="one more rung: seqshim with these settings")
    add("--rungs", default="", metavar="A,B", help="only these of idle, buffered, no-sync, nocache, piped, seqshim; "
        "and those of --env")
    add("readers", nargs="*", metavar="READER", help="buffered, mapped, direct: all, unless some are named")
    chosen = parser.parse_args()
    for name in chosen.readers:
        if name not in READERS:
            parser.error(f"there is no reader {name}")
    return chosen


def main() -> int:
    chosen = options()
    readers = chosen.readers or list(READERS)
    rungs = rungs_of(chosen)
    if chosen.rungs:
        kept = [*chosen.rungs.split(","), *(name for name in rungs if name.startswith("seqshim "))]
        rungs = {name: rung for name, rung in rungs.items() if name in kept}
    samples: dict[str, dict[str, list[Sample]]] = {kind: {name: [] for name in rungs} for kind in readers}
    with workplace(chosen, "interference") as work:
        try:
            bench = Bench(chosen, work)
            for turn in range(chosen.rounds):
                for kind in readers:
                    for name in rotated(list(rungs), turn):
                        samples[kind][name].append(bench.one(kind, rungs[name]))
                    note(f"round {turn + 1}: {kind}")
        except NoGroup as reason:
            note(f"skipped: {reason}")
            return 77
        print(f"{machine(work)}; {chosen.size:g} GiB written by `dd bs=10k`; reader and writer in one memory group of "
              f"{chosen.limit} MiB, the reader's file is {chosen.limit * WORKING_SET_PART:.0f} MiB; "
              f"medians of {chosen.rounds} interleaved rounds.")
    result = {kind: {name: summary_of(found) for name, found in rows.items()} for kind, rows in samples.items()}
    for kind, rows in result.items():
        print_table(kind, rows, rungs)
    save(chosen, {"settings": {"gib": chosen.size, "limit_mib": chosen.limit, "rounds": chosen.rounds}, **result})
    return 0


if __name__ == "__main__":
    sys.exit(main())
