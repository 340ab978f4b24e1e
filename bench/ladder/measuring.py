"""One run, measured."""
from __future__ import annotations

import mmap
import os
import shutil
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from .accounts import Accounts, Used
from .checking import files_of
from .page_cache import Watcher, cached_in, libc
from .rungs import Job


class RunFailed(Exception):
    pass


@dataclass(frozen=True)
class Run:
    seconds: float
    cpu: Used
    # In the page cache at most while it ran (of a directory: not looked at), and when it was over.
    peak: int | None
    left: int
    # Written, as far as the rung's speed is concerned.
    bytes: int = 0

    @property
    def mb_per_s(self) -> float:
        return self.bytes / self.seconds / 1e6

    def per_gb(self, seconds: float) -> float:
        return seconds / (self.bytes / 1e9)


def sync_file_system(directory: Path) -> None:
    fd = os.open(directory, os.O_RDONLY)
    libc.syncfs(fd)
    os.close(fd)


def make_durable(job: Job) -> None:
    """Each file; of a directory all of its file system, which holds nothing else that is dirty."""
    for path in job.outputs:
        if job.is_tree:
            sync_file_system(path)
        else:
            fd = os.open(path, os.O_RDONLY)
            os.fsync(fd)
            os.close(fd)


def empty(directory: Path) -> None:
    """Also what the file system does later about what is removed (discard) is done then."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    sync_file_system(directory)


def start_job(job: Job, errors: BinaryIO, first: Callable[[], None] | None = None) -> subprocess.Popen:
    # Not to a pipe: whoever holds its end would be waited for.
    return subprocess.Popen(job.argv, env=job.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=errors, preexec_fn=first)


def last_words(errors: BinaryIO, code: int) -> str:
    errors.seek(0)
    return f"exit code {code}: {errors.read().decode(errors='replace').strip()[-300:]}"


def run_unmeasured(job: Job) -> None:
    with tempfile.TemporaryFile() as errors:
        code = start_job(job, errors).wait()
        if code != 0:
            raise RunFailed(last_words(errors, code))


def measure(job: Job, accounts: Accounts) -> Run:
    with tempfile.TemporaryFile() as errors:
        return measure_with(job, accounts, errors)


def measure_with(job: Job, accounts: Accounts, errors: BinaryIO) -> Run:
    watcher = Watcher([] if job.is_tree else job.outputs)
    before = accounts.read()
    # Python takes 10 ms to come to where the child is the program: that isn't the program's time.
    began = mmap.mmap(-1, 8)

    def begin() -> None:
        accounts.join()
        struct.pack_into("d", began, 0, time.perf_counter())

    process = start_job(job, errors, begin)
    watcher.start()
    try:
        code = process.wait()  # without a time limit: with one, Python waits by sleeping
    finally:
        process.kill()
    ended = time.perf_counter()
    [start] = struct.unpack("d", began)
    if code != 0:
        watcher.stop()
        raise RunFailed(last_words(errors, code))
    left = None if job.durable else cached_in(files_of(job))
    # The writeback that fsync makes us do is part of the job, so it is part of its CPU time.
    own = time.thread_time()
    sync_start = time.perf_counter()
    make_durable(job)
    sync_end = time.perf_counter()
    own = time.thread_time() - own
    watcher.stop()
    accounts.wait_until_empty()
    used = accounts.read().since(before)
    if left is None:
        left = cached_in(files_of(job))
    return Run(seconds=ended - start + (sync_end - sync_start if job.durable else 0),
               cpu=Used(used.user, used.system + own, used.kernel, used.machine),
               peak=None if job.is_tree else max(left, watcher.peak), left=left)
