"""What can't be seen in a measured run without slowing it: done in runs of its own, that nobody times."""
from __future__ import annotations

import dataclasses
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .measuring import run_unmeasured
from .rungs import Job, Rung
from .workloads import Workload


@dataclass(frozen=True)
class Latency:
    """Of one write call, as its caller sees it, in ns; `clock` of it is the looking itself."""
    p50: int
    p99: int
    p999: int
    longest: int
    clock: int


def has_latency(workload: Workload, rung: Rung) -> bool:
    return bool(workload.timed) and rung.runs(workload) and rung.durable and not rung.null and not rung.instead


def latency(workload: Workload, rung: Rung, directory: Path) -> Latency:
    with tempfile.NamedTemporaryFile() as times:
        run_unmeasured(rung.timed_job(workload, directory, Path(times.name)))
        return Latency(*map(int, Path(times.name).read_text().split()))


def can_trace() -> bool:
    return shutil.which("strace") is not None


def system_calls(job: Job) -> int:
    """How many name a descriptor of the output, or its path. (What goes by io_uring names neither.)"""
    with tempfile.NamedTemporaryFile() as trace:
        run_unmeasured(traced(job, trace.name))
        output = str(job.outputs[0].parent).encode()
        with open(trace.name, "rb") as lines:
            return sum(output in line and b" resumed>" not in line for line in lines)


# What may have to do with a file. Not read(2): of the output nobody reads, and dd reads as often as it writes.
TRACED = ("trace=%file,/^(p?write.*|pread.*|readv|lseek|f.*|statx|dup.*|close.*|sync.*|cachestat|"
          "copy_file_range|sendfile|splice|mmap|ioctl)$")


def traced(job: Job, trace: str) -> Job:
    argv = ["strace", "-f", "--seccomp-bpf", "-y", "-s", "0", "-e", TRACED, "-e", "signal=none", "-o", trace]
    # strace itself isn't to be preloaded.
    preload = job.environment.get("LD_PRELOAD")
    if preload:
        argv += ["-E", f"LD_PRELOAD={preload}"]
    environment = {name: value for name, value in job.environment.items() if name != "LD_PRELOAD"}
    return dataclasses.replace(job, argv=argv + job.argv, environment=environment)
