"""How fast the disk can be written at all: fio, in every way that could be the fastest.

Its speed is what fio itself says, from the first write to the end of its fsync: its start, which takes a
third of a second, isn't the disk's fault. For the same reason its CPU time isn't shown.
"""
from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from .rungs import BASE_ENVIRONMENT, Job
from .tools import Missing, Tools


@dataclass(frozen=True)
class Candidate:
    engine: str
    mib: int
    depth: int

    @property
    def name(self) -> str:
        return f"fio {self.engine} {self.mib}M" + (f" x {self.depth}" if self.depth > 1 else "")

    def job(self, directory: Path, total_mib: int) -> Job:
        out = directory / "out"
        argv = ["fio", "--name=limit", f"--filename={out}", "--rw=write", "--direct=1", "--end_fsync=1",
                "--fallocate=none", "--eta=never", "--thread", f"--ioengine={self.engine}", f"--bs={self.mib}M",
                f"--iodepth={self.depth}", f"--size={total_mib}M", "--output-format=json",
                f"--output={self.report(directory)}"]
        return Job(argv, BASE_ENVIRONMENT, [out])

    @staticmethod
    def report(directory: Path) -> Path:
        return directory / "fio.json"

    def seconds(self, directory: Path) -> float:
        text = self.report(directory).read_text()
        return json.loads(text[text.index("{"):])["jobs"][0]["write"]["runtime"] / 1000


def candidates(tools: Tools, quick: bool) -> list[Candidate]:
    try:
        tools.need("fio")
    except Missing:
        return []
    sizes, depths = ((1, 4), (1, 4)) if quick else ((1, 2, 4), (1, 2, 4, 8))
    return [Candidate("psync", mib, 1) for mib in sizes] + \
           [Candidate("io_uring", mib, depth) for mib in sizes for depth in depths]
