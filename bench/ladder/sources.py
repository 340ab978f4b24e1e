"""What the workloads read: made once, of random bytes, so that what compresses writes as much as it reads."""
from __future__ import annotations

import os
import random
import shutil
import tarfile
import tempfile
from pathlib import Path

from .tools import Missing

SHM = Path("/dev/shm")
TIME = 1_700_000_000


class Sources:
    FILES = 256

    def __init__(self, beside: Path, on_disk: bool = False):
        """What the kernel may copy by itself lies `beside` the output, the rest in memory if there is some."""
        self._beside = beside
        beside.mkdir()
        in_memory = os.access(SHM, os.W_OK) and not on_disk
        self.place = "tmpfs" if in_memory else "disk"
        self._memory = Path(tempfile.mkdtemp(prefix="seqshim-ladder.", dir=SHM if in_memory else beside))

    def remove(self) -> None:
        """What isn't beside the output."""
        shutil.rmtree(self._memory)

    def file(self, mib: int) -> Path:
        """One file. It is in the page cache."""
        path = self._beside / f"{mib}-MiB"
        if not path.exists():
            need_room(self._beside, mib)
            with open(path, "wb") as file:
                for _ in range(mib):
                    file.write(os.urandom(1 << 20))
                file.flush()
                os.fsync(file.fileno())
        return path

    def files(self, mib: int) -> Path:
        """A directory of FILES files."""
        directory = self._memory / "files"
        if not directory.exists():
            need_room(self._memory, mib)
            directory.mkdir()
            for i in range(self.FILES):
                (directory / f"{i:03}").write_bytes(os.urandom((mib << 20) // self.FILES))
        return directory

    def archive(self, name: str, sizes: list[int]) -> Path:
        """A tar archive of files of these sizes, a hundred in a directory."""
        path = self._memory / f"{name}.tar"
        if not path.exists():
            need_room(self._memory, sum(sizes) >> 20)
            with tarfile.open(path, "w") as archive:
                for i, size in enumerate(sizes):
                    directory = f"{i // 100:04}"
                    if i % 100 == 0:
                        archive.addfile(member(directory, tarfile.DIRTYPE, 0o755))
                    file = member(f"{directory}/{i:06}", tarfile.REGTYPE, 0o644)
                    file.size = size
                    archive.addfile(file, Noise())
        return path


class Noise:
    """As much of a file as is asked for."""

    def read(self, size: int) -> bytes:
        return os.urandom(size)


def member(name: str, kind: bytes, mode: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.mtime = kind, mode, TIME
    return info


def small_sizes(count: int) -> list[int]:
    """0 to 64 KiB, the same ones each time."""
    drawn = random.Random(1)
    return [drawn.randrange((64 << 10) + 1) for _ in range(count)]


def need_room(directory: Path, mib: int) -> None:
    if shutil.disk_usage(directory).free >> 20 < mib + 64:
        raise Missing(f"{mib} MiB to read don't fit into {directory}")
