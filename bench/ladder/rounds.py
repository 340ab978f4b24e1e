"""Which run comes when: every round runs every rung of every workload once, starting at another one each time."""
from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from . import passes
from .accounts import Accounts
from .checking import Output, complaint, output_of, size_of
from .limit import Candidate
from .measuring import Run, RunFailed, empty, measure, run_unmeasured
from .passes import Latency
from .rungs import Rung
from .workloads import Workload

Item = TypeVar("Item")
Note = Callable[[str], None]


@dataclass
class Row:
    """One rung of one workload, in all rounds."""
    title: str
    command: str
    runs: list[Run] = field(default_factory=list)
    latencies: list[Latency] = field(default_factory=list)
    calls_per_mib: float | None = None
    # Why the row isn't to be believed, or isn't there.
    wrong: str | None = None


@dataclass
class Table:
    """One workload. `output` is what plain, unmeasured writes made of it."""
    workload: Workload
    output: Output
    rows: dict[str, Row] = field(default_factory=dict)


def rotated(items: Sequence[Item], by: int) -> list[Item]:
    by %= max(1, len(items))
    return [*items[by:], *items[:by]]


class Ladder:
    def __init__(self, workloads: list[Workload], rungs: list[Rung], directory: Path, accounts: Accounts, note: Note):
        self.tables: list[Table] = []
        self._rungs = rungs
        self._directory = directory
        self._accounts = accounts
        self._note = note
        for workload in workloads:
            self._begin(workload)

    def round(self, number: int) -> None:
        for table in rotated(self.tables, number):
            for rung in rotated([rung for rung in self._rungs if rung.name in table.rows], number):
                row = table.rows[rung.name]
                if row.wrong and not row.runs:
                    continue
                try:
                    self._one(table, rung, row, check_content=number == 0)
                except (RunFailed, OSError) as failure:
                    self._complain(table, rung, str(failure))
            self._note(f"round {number + 1}: {table.workload.name}")

    def count_system_calls(self, short: dict[str, Workload], long: dict[str, Workload]) -> None:
        """Of the same workloads with less to write: what the longer one has more of, by what it writes more.
        So what is done once a file isn't in it."""
        for table in self.tables:
            name = table.workload.name
            for rung in self._rungs:
                row = table.rows.get(rung.name)
                if row is None or not row.runs or rung.null or not rung.durable:
                    continue
                try:
                    calls, mib = self._traced(short[name], rung)
                    more_calls, more_mib = self._traced(long[name], rung)
                    row.calls_per_mib = (more_calls - calls) / (more_mib - mib)
                except (RunFailed, OSError) as failure:
                    self._note(f"{name}, {rung.name}, traced: {failure}")
            self._note(f"system calls: {name}")

    def _traced(self, workload: Workload, rung: Rung) -> tuple[int, float]:
        empty(self._directory)
        job = rung.job(workload, self._directory)
        return passes.system_calls(job), size_of(job) / (1 << 20)

    def _begin(self, workload: Workload) -> None:
        """Writes it once in the plain way: that says what is right, and warms what it reads."""
        empty(self._directory)
        job = Rung("reference", "").job(workload, self._directory)
        try:
            run_unmeasured(job)
        except RunFailed as failure:
            self._note(f"without {workload.name}: {failure}")
            return
        table = Table(workload, output_of(job))
        for rung in self._rungs:
            if rung.runs(workload):
                command = " ".join(rung.job(workload, self._directory).argv)
                table.rows[rung.name] = Row(rung.title, command)
        self.tables.append(table)

    def _one(self, table: Table, rung: Rung, row: Row, check_content: bool) -> None:
        empty(self._directory)
        job = rung.job(table.workload, self._directory)
        run = measure(job, self._accounts)
        # No content to compare where it went nowhere; where another program writes, it is as much, more or less.
        if rung.instead:
            run = dataclasses.replace(run, bytes=size_of(job))
        else:
            run = dataclasses.replace(run, bytes=table.output.bytes)
            if not rung.null:
                found = output_of(job) if check_content else Output(size_of(job))
                self._complain(table, rung, complaint(table.output, found))
        row.runs.append(run)
        if passes.has_latency(table.workload, rung):
            empty(self._directory)
            row.latencies.append(passes.latency(table.workload, rung, self._directory))

    def _complain(self, table: Table, rung: Rung, what: str | None) -> None:
        if what:
            table.rows[rung.name].wrong = what
            self._note(f"WRONG: {table.workload.name}, {rung.name}: {what}")


class Limit:
    """What fio makes of the disk, in the same rounds; the best of its ways, by its median."""

    def __init__(self, candidates: list[Candidate], mib: int, directory: Path, accounts: Accounts, note: Note):
        self.rows = {one.name: Row(one.name, " ".join(one.job(directory, mib).argv)) for one in candidates}
        self._candidates = candidates
        self._mib = mib
        self._directory = directory
        self._accounts = accounts
        self._note = note

    def round(self, number: int) -> None:
        for one in rotated(self._candidates, number):
            empty(self._directory)
            row = self.rows[one.name]
            try:
                run = measure(one.job(self._directory, self._mib), self._accounts)
                row.runs.append(dataclasses.replace(run, seconds=one.seconds(self._directory), bytes=self._mib << 20))
            except (RunFailed, OSError, ValueError) as failure:
                row.wrong = str(failure)
                self._note(f"without {one.name}: {failure}")
