"""What the benchmarks are told, and where they work."""
import argparse
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ladder.rungs import BASE_ENVIRONMENT

ROOT = Path(__file__).resolve().parents[2]


def parser_of(description: str, rounds: int) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("-n", dest="rounds", type=int, default=rounds, help=f"rounds, {rounds}")
    add("--dir", type=Path, help="where to write (build/scratch)")
    add("--build", type=Path, default=ROOT / "build", help="where libseqshim.so is (build), or that file")
    add("--json", type=Path, metavar="FILE", help="everything, round by round")
    return parser


def library_of(chosen: argparse.Namespace) -> Path:
    library = chosen.build if chosen.build.is_file() else chosen.build / "libseqshim.so"
    if not library.exists():
        sys.exit(f"{library} isn't built")
    return library.resolve()


def preloaded(library: Path, directory: Path, settings: dict[str, str]) -> dict[str, str]:
    """The environment in which each file below `directory` is managed."""
    return {**BASE_ENVIRONMENT, "LD_PRELOAD": str(library), "SEQSHIM_MATCH": f"{directory}/*", **settings}


def assignments(text: str) -> dict[str, str]:
    """Of NAME=VALUE[,NAME=VALUE...]."""
    pairs = [one.partition("=") for one in text.split(",")]
    if not all(name and equals for name, equals, _ in pairs):
        raise argparse.ArgumentTypeError(f"{text} isn't NAME=VALUE[,NAME=VALUE...]")
    return {name: value for name, _, value in pairs}


@contextlib.contextmanager
def workplace(chosen: argparse.Namespace, name: str) -> Iterator[Path]:
    scratch = chosen.dir or Path(os.environ.get("SEQSHIM_SCRATCH") or ROOT / "build" / "scratch")
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{name}.", dir=scratch.resolve()) as work:
        yield Path(work)


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def save(chosen: argparse.Namespace, result: dict[str, Any]) -> None:
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=1) + "\n")
