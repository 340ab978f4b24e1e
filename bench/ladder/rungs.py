"""The ways to write: what is put around a workload, and what is put behind it."""
from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .shell import at_once, quoted
from .tools import Missing, Tools
from .workloads import Workload

BASE_ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("SEQSHIM_", "LD_PRELOAD"))},
    "LC_ALL": "C",
    "TZ": "UTC",
}


# The exit code of dontcache_stage where the kernel doesn't know how.
CANNOT = 3


@dataclass(frozen=True)
class Job:
    """One run: an argument vector, its environment, and the files or the directory that it writes."""
    argv: list[str]
    environment: dict[str, str]
    outputs: list[Path]
    is_tree: bool = False
    # Time goes on until the output is durable.
    durable: bool = True


@dataclass(frozen=True)
class Rung:
    name: str
    title: str
    # In front of the shell that runs the workload, and in its environment.
    wrapper: tuple[str, ...] = ()
    variables: Callable[[Path], dict[str, str]] = field(default=lambda directory: {})
    # What stands behind a pipe, given the file that it writes.
    stage: Callable[[str], str] | None = None
    # The workload writes nowhere.
    null: bool = False
    # Not the workload at all, but the same number of bytes by a program that does it well.
    instead: Callable[[Workload, str], str] | None = None
    durable: bool = True

    def runs(self, workload: Workload) -> bool:
        """Some make no sense together."""
        if self.stage:
            return workload.to_stdout is not None
        if self.null:
            return workload.null is not None
        return not (self.instead and workload.is_tree)

    def job(self, workload: Workload, directory: Path) -> Job:
        outputs = [directory / name for name in workload.outputs]
        commands = [self._command(workload, path) for path in outputs]
        return Job(argv=[*self.wrapper, "sh", "-c", at_once(commands)],
                   environment={**BASE_ENVIRONMENT, **self.variables(directory)},
                   outputs=[] if self.null else outputs, is_tree=workload.is_tree,
                   durable=self.durable and not self.null)

    def timed_job(self, workload: Workload, directory: Path, times: Path) -> Job:
        """The same way, but the program times its own calls."""
        assert workload.timed
        program = workload.timed(str(times))
        path = directory / "out"
        command = f"{program} | {self.stage(quoted(path))}" if self.stage else f"exec {program} >{quoted(path)}"
        return Job(argv=[*self.wrapper, "sh", "-c", command],
                   environment={**BASE_ENVIRONMENT, **self.variables(directory)}, outputs=[path])

    def _command(self, workload: Workload, path: Path) -> str:
        if self.instead:
            return self.instead(workload, quoted(path))
        if self.stage:
            return f"{workload.to_stdout} | {self.stage(quoted(path))}"
        return workload.to_path(str(workload.null if self.null else path))


@dataclass(frozen=True)
class Place:
    """What a rung may be made with: the library to preload, and the directory that it will write to."""
    tools: Tools
    library: Path
    directory: Path


def direct_dd(workload: Workload, path: str) -> str:
    mib = workload.mib // len(workload.outputs)
    return f"exec dd if=/dev/zero of={path} bs=1M count={mib} oflag=direct status=none"


def buffered(place: Place) -> Rung:
    return Rung("buffered", "buffered")


def no_sync(place: Place) -> Rung:
    return Rung("no-sync", "buffered, not waiting for the disk", durable=False)


def nocache(place: Place) -> Rung:
    place.tools.need("nocache")
    return Rung("nocache", "`nocache`", wrapper=("nocache",))


def piped(place: Place) -> Rung:
    return Rung("piped", "piped into `dd oflag=direct`",
                stage=lambda path: f"dd of={path} iflag=fullblock bs=1M oflag=direct status=none")


def dontcache(place: Place) -> Rung:
    program = place.tools.compiled("dontcache_stage.c")
    with tempfile.NamedTemporaryFile(dir=place.directory) as probe:
        if subprocess.run([program, probe.name], input=b"x", stderr=subprocess.DEVNULL).returncode == CANNOT:
            raise Missing("this kernel or file system has no RWF_DONTCACHE")
    return Rung("dontcache", "piped into RWF_DONTCACHE", stage=lambda path: f"{program} {path}")


def pv(place: Place) -> Rung:
    place.tools.need("pv")
    if "--direct-io" not in subprocess.run(["pv", "--help"], capture_output=True, text=True).stdout:
        raise Missing("this pv knows no --direct-io")
    return Rung("pv", "piped into `pv --direct-io`", stage=lambda path: f"pv -q --direct-io >{path}")


def mbuffer(place: Place) -> Rung:
    """Its output is O_DIRECT unless it is told otherwise, or a number of bytes comes that isn't aligned."""
    place.tools.need("mbuffer")
    return Rung("mbuffer", "piped into `mbuffer -o`",
                stage=lambda path: f"mbuffer -q -Q -m 64M -s 1M -o {path}")


def seqshim(place: Place) -> Rung:
    if not place.library.exists():
        raise Missing(f"{place.library} isn't built")
    return preloaded("seqshim", place.library, {})


def devnull(place: Place) -> Rung:
    return Rung("devnull", "into /dev/null", null=True)


def direct(place: Place) -> Rung:
    return Rung("direct", "`dd bs=1M oflag=direct` of as much", instead=direct_dd)


CATALOGUE = {
    "buffered": buffered, "no-sync": no_sync, "nocache": nocache, "piped": piped, "dontcache": dontcache,
    "pv": pv, "mbuffer": mbuffer, "seqshim": seqshim, "devnull": devnull, "direct": direct,
}


def preloaded(name: str, library: Path, settings: dict[str, str]) -> Rung:
    def variables(directory: Path) -> dict[str, str]:
        return {"LD_PRELOAD": str(library), "SEQSHIM_MATCH": f"{directory}/*", **settings}
    return Rung(name, name, variables=variables)
