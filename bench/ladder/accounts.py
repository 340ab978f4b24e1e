"""Whose CPU time a run takes: that of its processes, and that of the kernel's own threads.

The processes of a run are a control group, so that nobody is forgotten who isn't waited for (seqshim's
guard). The kernel's threads (kworker, jbd2, kswapd) are in no group: all of their run time counts, whoever
they worked for, so the machine should do nothing else. Not counted is what nobody is charged with:
interrupts that arrive on an idle CPU.
"""
from __future__ import annotations

import os
import resource
import time
from dataclasses import dataclass
from pathlib import Path

KERNEL_THREAD_DAEMON = "2"


@dataclass(frozen=True)
class Used:
    """CPU seconds; `kernel` is None where kernel threads can't be seen."""
    user: float
    system: float
    kernel: float | None
    # All that the machine did, ours or not, counted in ticks: to be held against the others.
    machine: float


@dataclass(frozen=True)
class Reading:
    """The same since some beginning, of kernel threads one by one: they come and go."""
    user: float
    system: float
    threads: dict[tuple[str, str], int]
    machine: float

    def since(self, before: Reading) -> Used:
        kernel = sum(ns - before.threads.get(thread, 0) for thread, ns in self.threads.items()) / 1e9
        return Used(self.user - before.user, self.system - before.system, kernel if self.threads else None,
                    self.machine - before.machine)


class Accounts:
    """The group is made by the first who can: cgroup v2, v1, or else what children leave to their parent."""

    def __init__(self) -> None:
        self._group: Path | None = None
        for hierarchy in (*hierarchies("cgroup2"), *hierarchies("cpuacct")):
            group = hierarchy / f"seqshim-ladder.{os.getpid()}"
            try:
                group.mkdir()
            except OSError:
                continue
            if (group / "cpu.stat").exists() or (group / "cpuacct.usage").exists():
                self._group = group
                break
            group.rmdir()

    @property
    def contains(self) -> str:
        if self._group is None:
            ours = "user + system of the processes that were waited for (no control group could be made)"
        elif (self._group / "cpuacct.usage").exists():
            ours = "all processes of the run (cgroup v1, cpuacct)"
        else:
            ours = "all processes of the run (cgroup v2, cpu.stat)"
        if not kernel_threads():
            return f"{ours} and the final fsync; the kernel's own threads can't be seen from here"
        return f"{ours}, the final fsync, and every thread of the kernel (kworker, jbd2, kswapd, ...) meanwhile"

    def join(self) -> None:
        """Called by the child before it is the program."""
        if self._group:
            (self._group / "cgroup.procs").write_text("0")

    def wait_until_empty(self) -> None:
        deadline = time.monotonic() + 5
        while self._group and time.monotonic() < deadline and (self._group / "cgroup.procs").read_text():
            time.sleep(0.002)

    def read(self) -> Reading:
        user, system = self._processes()
        return Reading(user, system, kernel_threads(), machine_busy())

    def remove(self) -> None:
        if self._group:
            self.wait_until_empty()
            self._group.rmdir()

    def _processes(self) -> tuple[float, float]:
        if self._group is None:
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            return used.ru_utime, used.ru_stime
        if (self._group / "cpuacct.usage").exists():
            user, system = (int((self._group / f"cpuacct.usage_{kind}").read_text()) for kind in ("user", "sys"))
            return user / 1e9, system / 1e9
        lines = dict(line.split() for line in (self._group / "cpu.stat").read_text().splitlines())
        return int(lines["user_usec"]) / 1e6, int(lines["system_usec"]) / 1e6


def hierarchies(kind: str) -> list[Path]:
    """Where groups could be made: below our own, else at the top."""
    found = []
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, mount, file_system, options, *_ = line.split()
        if file_system == kind or (file_system == "cgroup" and kind in options.split(",")):
            found += [Path(mount + own_group(kind)), Path(mount)]
    return [path for path in found if path.is_dir()]


def own_group(kind: str) -> str:
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        number, controllers, path = line.split(":", 2)
        if (kind == "cgroup2" and number == "0") or kind in controllers.split(","):
            return path
    return ""


def kernel_threads() -> dict[tuple[str, str], int]:
    """How long each of them has run, in ns, by its number and when it began."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            if fields[1] == KERNEL_THREAD_DAEMON:
                found[pid, fields[19]] = int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
        except (OSError, ValueError):
            continue
    return found


def machine_busy() -> float:
    all_cpus = Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    user, nice, system, _idle, _iowait, irq, softirq, *_ = map(int, all_cpus)
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")
