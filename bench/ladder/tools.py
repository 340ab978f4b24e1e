"""The programs that the ladder runs: found, or compiled once."""
from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

PROGRAMS = Path(__file__).parent / "programs"
COMPILERS = {
    ".c": ["cc", "-O2", "-D_GNU_SOURCE"],
    ".f90": ["gfortran", "-O2"],
    ".cob": ["cobc", "-x", "-O"],
}


class Missing(Exception):
    """What a workload or a rung needs and this machine doesn't have."""


class Tools:
    def __init__(self, directory: Path):
        self._directory = directory
        directory.mkdir()

    def need(self, *names: str) -> None:
        for name in names:
            if not shutil.which(name):
                raise Missing(f"there is no {name} here")

    def compiled(self, source: str) -> Path:
        program = self._directory / Path(source).stem
        if program.exists():
            return program
        compiler = COMPILERS[Path(source).suffix]
        self.need(compiler[0])
        done = subprocess.run([*compiler, "-o", program, PROGRAMS / source], capture_output=True, text=True)
        if done.returncode != 0:
            raise Missing(f"{source} doesn't compile: {done.stderr.strip()}")
        return program
