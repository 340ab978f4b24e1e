"""A control group whose memory, page cache included, has a limit."""
import os
import time
from pathlib import Path

from ladder.accounts import hierarchies

LIMIT = {"cgroup2": "memory.max", "memory": "memory.limit_in_bytes"}


class NoGroup(Exception):
    pass


class MemoryGroup:
    def __init__(self, limit: int):
        for kind, file in LIMIT.items():
            for hierarchy in hierarchies(kind):
                self._path = hierarchy / f"seqshim-bench.{os.getpid()}"
                try:
                    self._path.mkdir()
                except OSError:
                    continue
                try:
                    # Without swap: the reader's own memory is to stay. A group of version 2 may be without
                    # the controller, and shows that here.
                    (self._path / file).write_text(str(limit))
                    (self._path / ("memory.swap.max" if kind == "cgroup2" else "memory.swappiness")).write_text("0")
                    return
                except OSError:
                    self._path.rmdir()
        raise NoGroup("no memory control group could be made")

    def join(self) -> None:
        """Called by a child before it is the program."""
        (self._path / "cgroup.procs").write_text("0")

    def statistic(self, name: str) -> int:
        lines = dict(line.split() for line in (self._path / "memory.stat").read_text().splitlines())
        return int(lines[name])

    def refaults(self) -> int:
        """File pages that were read again after they had been pushed out."""
        return self.statistic("workingset_refault_file")

    def remove(self) -> None:
        deadline = time.monotonic() + 10
        while (self._path / "cgroup.procs").read_text() and time.monotonic() < deadline:
            time.sleep(0.01)
        self._path.rmdir()
