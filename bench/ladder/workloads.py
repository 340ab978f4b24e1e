"""What is written: each workload is a shell command with a hole for its output."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .shell import quoted
from .sources import Sources, small_sizes
from .tools import Tools

Command = Callable[[str], str]


@dataclass(frozen=True)
class Workload:
    name: str
    title: str
    mib: int
    # The shell command that writes to a path.
    to_path: Command
    # The same to standard output; none: the program can't, so nothing can stand behind it.
    to_stdout: str | None = None
    # GNU tar knows /dev/null, and doesn't read its files for it; None: it wouldn't be the same program.
    null: str | None = "/dev/null"
    # More than one: the program runs once for each, all at once.
    outputs: tuple[str, ...] = ("out",)
    # The output is a directory.
    is_tree: bool = False
    # A program that writes in the same pieces and looks at the clock: its argument is where the times go.
    timed: Command | None = None


@dataclass(frozen=True)
class Context:
    mib: int
    files: int
    sources: Sources
    tools: Tools


Builder = Callable[[Context], Workload]
CATALOGUE: dict[str, Builder] = {}


def workload(name: str) -> Callable[[Builder], Builder]:
    def add(builder: Builder) -> Builder:
        CATALOGUE[name] = builder
        return builder
    return add


def redirected(program: str) -> Command:
    """For programs that have no -o: the shell opens the file."""
    return lambda path: f"exec {program} >{quoted(path)}"


def timed_writes(context: Context, kind: str, piece: int, mib: int) -> Command:
    program = context.tools.compiled("timed_writes.c")
    return lambda times: f"{program} {kind} {piece} {(mib << 20) // piece} {quoted(times)}"


def dd(name: str, piece: int) -> None:
    def build(context: Context) -> Workload:
        # As many pieces as fit, so that bs=10k ends where no block of the disk does.
        program = f"dd if=/dev/zero bs={piece} count={(context.mib << 20) // piece} status=none"
        return Workload(f"dd-{name}", f"`dd bs={name}` from /dev/zero", context.mib,
                        to_path=lambda path: f"exec {program} of={quoted(path)}", to_stdout=program,
                        timed=timed_writes(context, "write", piece, context.mib))
    CATALOGUE[f"dd-{name}"] = build


dd("64", 64)
dd("512", 512)
dd("10k", 10 << 10)
dd("1M", 1 << 20)


@workload("tar")
def tar(context: Context) -> Workload:
    files = quoted(context.sources.files(context.mib))
    return Workload("tar", f"`tar cf` of {Sources.FILES} files on {context.sources.place}", context.mib,
                    to_path=lambda path: f"exec tar cf {quoted(path)} -C {files} .",
                    to_stdout=f"tar cf - -C {files} .", null="/dev/zero")


@workload("tar-zstd")
def tar_zstd(context: Context) -> Workload:
    context.tools.need("zstd")
    program = f"tar cf - -C {quoted(context.sources.files(context.mib))} . | zstd -q -1 -c"
    return Workload("tar-zstd", "`tar cf - \\| zstd -1 > FILE`", context.mib,
                    to_path=lambda path: f"{program} >{quoted(path)}", to_stdout=program)


@workload("gzip")
def gzip(context: Context) -> Workload:
    # At 30 MB/s it takes as long with an eighth as others with all of it.
    mib = max(1, context.mib // 8)
    program = f"gzip -c {quoted(context.sources.file(mib))}"
    return Workload("gzip", "`gzip -c SOURCE > FILE`", mib, redirected(program), program)


@workload("cp")
def cp(context: Context) -> Workload:
    source = quoted(context.sources.file(context.mib))
    return Workload("cp", "`cp SOURCE FILE`", context.mib,
                    to_path=lambda path: f"exec cp {source} {quoted(path)}", to_stdout=f"cat {source}")


@workload("cat")
def cat(context: Context) -> Workload:
    program = f"cat {quoted(context.sources.file(context.mib))}"
    return Workload("cat", "`cat SOURCE > FILE`", context.mib, redirected(program), program)


@workload("zstd")
def zstd(context: Context) -> Workload:
    context.tools.need("zstd")
    program = f"zstd -q -1 -c {quoted(context.sources.file(context.mib))}"
    return Workload("zstd", "`zstd -1 -c SOURCE > FILE`", context.mib, redirected(program), program)


@workload("fwrite")
def fwrite(context: Context) -> Workload:
    program = f"{context.tools.compiled('fwrite_records.c')} {(context.mib << 20) // 100}"
    return Workload("fwrite", "C, `fwrite` of 100 bytes", context.mib, redirected(program), program,
                    timed=timed_writes(context, "fwrite", 100, context.mib))


@workload("fortran")
def fortran(context: Context) -> Workload:
    program, count = context.tools.compiled("records.f90"), (context.mib << 20) // 8008
    return Workload("fortran", "Fortran, unformatted records of 8000 bytes", context.mib,
                    to_path=lambda path: f"exec {program} {quoted(path)} {count}",
                    to_stdout=f"{program} /dev/stdout {count}")


@workload("cobol")
def cobol(context: Context) -> Workload:
    program, count = context.tools.compiled("lines.cob"), (context.mib << 20) // 101
    return Workload("cobol", "GnuCOBOL, line-sequential records of 100 bytes", context.mib,
                    to_path=lambda path: f"export DD_LINES={quoted(path)}; exec {program} {count}",
                    to_stdout=f"DD_LINES=/dev/stdout {program} {count}")


def extracted(name: str, title: str, mib: int, archive: Path) -> Workload:
    return Workload(name, title, mib, null=None, is_tree=True,
                    to_path=lambda path: f"mkdir {quoted(path)}; exec tar xf {quoted(archive)} -C {quoted(path)}")


@workload("untar-big")
def untar_big(context: Context) -> Workload:
    archive = context.sources.archive("big", [context.mib << 20])
    return extracted("untar-big", "`tar xf`, one file", context.mib, archive)


@workload("untar-small")
def untar_small(context: Context) -> Workload:
    sizes = small_sizes(context.files)
    archive = context.sources.archive("small", sizes)
    return extracted("untar-small", f"`tar xf`, {context.files:,} files of 0-64 KiB", sum(sizes) >> 20, archive)


@workload("untar-mixed")
def untar_mixed(context: Context) -> Workload:
    """Small and large files in turns, as many bytes of each."""
    small = small_sizes(context.mib * 16)
    large = [(context.mib << 20) // 16] * 8
    step = len(small) // len(large)
    sizes = [size for i, one in enumerate(large) for size in [*small[i * step:(i + 1) * step], one]]
    archive = context.sources.archive("mixed", sizes)
    return extracted("untar-mixed", f"`tar xf`, {len(small):,} small files and 8 large ones", sum(sizes) >> 20, archive)


@workload("two-writers")
def two_writers(context: Context) -> Workload:
    mib = context.mib // 2
    program = f"dd if=/dev/zero bs=10k count={(mib << 20) // (10 << 10)} status=none"
    return Workload("two-writers", "two `dd bs=10k` at once, half of it each", context.mib,
                    to_path=lambda path: f"{program} of={quoted(path)}", to_stdout=program,
                    outputs=("out.1", "out.2"))
