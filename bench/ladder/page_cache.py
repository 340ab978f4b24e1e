"""How much of a file is in the page cache: cachestat(2), or mincore(2) where the kernel is older than 6.5."""
from __future__ import annotations

import contextlib
import ctypes
import errno
import mmap
import os
import threading
import time
from collections.abc import Iterable
from pathlib import Path

SYS_CACHESTAT = 451  # the same on every architecture
PAGE = mmap.PAGESIZE
PERIOD = 0.02
# A look walks the file's pages: it may take this part of a CPU, not more.
LARGEST_SHARE = 0.05

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
libc.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p]


def cached_bytes(fd: int) -> int:
    whole_file = (ctypes.c_uint64 * 2)(0, 0)
    counts = (ctypes.c_uint64 * 5)()  # cached, dirty, writeback, evicted, recently evicted
    if libc.syscall(SYS_CACHESTAT, fd, whole_file, counts, 0) == 0:
        return counts[0] * PAGE
    if ctypes.get_errno() != errno.ENOSYS:
        raise OSError(ctypes.get_errno(), "cachestat")
    return mapped_bytes(fd)


def mapped_bytes(fd: int) -> int:
    size = os.fstat(fd).st_size
    if size == 0:
        return 0
    address = libc.mmap(None, size, mmap.PROT_READ, mmap.MAP_SHARED, fd, 0)
    resident = ctypes.create_string_buffer((size + PAGE - 1) // PAGE)
    try:
        if libc.mincore(address, size, resident) != 0:
            raise OSError(ctypes.get_errno(), "mincore")
    finally:
        libc.munmap(address, size)
    return sum(byte & 1 for byte in resident.raw) * PAGE


def cached_in(paths: Iterable[Path]) -> int:
    total = 0
    for path in paths:
        fd = os.open(path, os.O_RDONLY)
        total += cached_bytes(fd)
        os.close(fd)
    return total


class Watcher(threading.Thread):
    """Looks at files while they are written, from when they are there; `peak` is the most that was seen."""

    def __init__(self, paths: list[Path]):
        super().__init__(daemon=True)
        self.peak = 0
        self._paths = paths
        self._descriptors: dict[Path, int] = {}
        self._over = threading.Event()

    def run(self) -> None:
        pause = PERIOD
        while not self._over.wait(pause):
            start = time.thread_time()
            self._look()
            pause = max(PERIOD, (time.thread_time() - start) / LARGEST_SHARE)

    def stop(self) -> None:
        self._over.set()
        self.join()
        for fd in self._descriptors.values():
            os.close(fd)

    def _look(self) -> None:
        for path in self._paths:
            if path not in self._descriptors:
                with contextlib.suppress(FileNotFoundError):
                    self._descriptors[path] = os.open(path, os.O_RDONLY)
        self.peak = max(self.peak, sum(map(cached_bytes, self._descriptors.values())))
