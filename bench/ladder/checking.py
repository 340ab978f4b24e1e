"""Whether the output is what plain writes make it."""
from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .rungs import Job


@dataclass(frozen=True)
class Output:
    bytes: int
    digest: str | None = None


def files_of(job: Job) -> Iterator[Path]:
    """In the same order each time."""
    for output in job.outputs:
        if not job.is_tree:
            yield output
            continue
        for directory, names, files in os.walk(output):
            names.sort()
            yield from (Path(directory, name) for name in sorted(files))


def size_of(job: Job) -> int:
    return sum(path.stat().st_size for path in files_of(job))


def output_of(job: Job) -> Output:
    """With a digest: of the bytes, and in a directory also of names, modes and times."""
    total = hashlib.sha256()
    for path in files_of(job):
        if job.is_tree:
            status = path.stat()
            name = path.relative_to(job.outputs[0])
            total.update(f"{name} {status.st_size} {status.st_mode} {status.st_mtime_ns}\n".encode())
        with open(path, "rb", buffering=0) as file:
            while piece := file.read(1 << 20):
                total.update(piece)
    return Output(size_of(job), total.hexdigest())


def complaint(expected: Output, found: Output) -> str | None:
    if found.bytes != expected.bytes:
        return f"{found.bytes} bytes, not {expected.bytes}"
    if found.digest and found.digest != expected.digest:
        return "as long as it should be, but other bytes"
    return None
