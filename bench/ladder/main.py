"""The command."""
from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from . import passes, plotting, rendering, rungs, summary, workloads
from .accounts import Accounts
from .limit import candidates
from .rounds import Ladder, Limit
from .sources import Sources
from .tools import Missing, Tools

ROOT = Path(__file__).resolve().parents[2]
ALL_FILES = 60_000
# Under strace each call takes 10 us.
TRACED_MIB = (8, 24)


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="ladder.py", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="What programs write, written in every way there is, from buffered to what the disk can do.",
        epilog=f"workloads: {' '.join(workloads.CATALOGUE)}\nrungs: {' '.join(rungs.CATALOGUE)}, and limit (fio)")
    add = parser.add_argument
    add("workloads", nargs="*", metavar="WORKLOAD", help="all, unless some are named")
    add("-n", dest="rounds", type=int, help="rounds, 5")
    add("--size", type=int, metavar="MIB", help="what each workload writes, more or less: 1024")
    add("--files", type=int, metavar="N", help="of untar-small: 60000, with a smaller --size fewer")
    add("--rungs", default="", metavar="A,B", help="only these")
    add("--also", action="append", default=[], metavar="NAME:VARIABLE=VALUE[,...]",
        help="one more rung: seqshim with these settings, or with another LD_PRELOAD")
    add("--dir", type=Path, help="where to write (build/scratch)")
    add("--build", type=Path, default=ROOT / "build", help="where libseqshim.so is (build)")
    add("--json", type=Path, metavar="FILE", help="everything, round by round")
    add("--plots", type=Path, metavar="DIR", help="SVG and PNG, by gnuplot")
    add("--no-calls", action="store_true", help="no runs under strace")
    add("--quick", action="store_true", help="one round of 32 MiB: whether it works")
    chosen = parser.parse_args(arguments)
    chosen.rounds = chosen.rounds or (1 if chosen.quick else 5)
    chosen.size = chosen.size or (32 if chosen.quick else 1024)
    chosen.files = chosen.files or max(1, ALL_FILES * min(chosen.size, 1024) // 1024)
    chosen.rungs = [name for name in chosen.rungs.split(",") if name] or [*rungs.CATALOGUE, "limit"]
    for kind, names, known in (("workload", chosen.workloads, workloads.CATALOGUE),
                               ("rung", chosen.rungs, [*rungs.CATALOGUE, "limit"])):
        for name in names:
            if name not in known:
                parser.error(f"there is no {kind} {name}")
    return chosen


class Notes:
    """Progress goes to standard error only; what is missing also below the tables."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def say(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def keep(self, text: str) -> None:
        self.kept.append(text)
        self.say(text)


def chosen_workloads(chosen: argparse.Namespace, context: workloads.Context, notes: Notes) -> list[workloads.Workload]:
    found = []
    for name in chosen.workloads or workloads.CATALOGUE:
        try:
            found.append(workloads.CATALOGUE[name](context))
        except Missing as reason:
            notes.keep(f"without {name}: {reason}")
    return found


def chosen_rungs(chosen: argparse.Namespace, tools: Tools, work: Path, notes: Notes) -> list[rungs.Rung]:
    place = rungs.Place(tools, (chosen.build / "libseqshim.so").resolve(), work)
    found = []
    for name in chosen.rungs:
        if name == "limit":
            continue
        try:
            found.append(rungs.CATALOGUE[name](place))
        except Missing as reason:
            notes.keep(f"without {name}: {reason}")
    for text in chosen.also:
        name, _, settings = text.partition(":")
        found.append(rungs.preloaded(name, place.library, dict(one.split("=", 1) for one in settings.split(","))))
    return found


def machine(directory: Path) -> str:
    found = subprocess.run(["df", "--output=fstype", directory], capture_output=True, text=True).stdout.split()
    kind = found[-1] if found else "unknown file system"
    if kind in ("tmpfs", "ramfs"):
        kind += " (in memory: this measures no disk)"
    return f"{os.cpu_count()} CPUs, Linux {platform.release().split('-')[0]}, {kind}"


def smaller(ladder: Ladder, mib: int, work: Path, tools: Tools) -> dict[str, workloads.Workload]:
    """The same workloads with that much to write."""
    context = workloads.Context(mib, mib * 16, Sources(work / f"sources-{mib}", on_disk=True), tools)
    return {table.workload.name: workloads.CATALOGUE[table.workload.name](context) for table in ladder.tables}


def report(chosen: argparse.Namespace, work: Path, accounts: Accounts, sources: Sources,
           notes: Notes) -> summary.Summary:
    tools = Tools(work / "tools")
    out = work / "out"
    context = workloads.Context(chosen.size, chosen.files, sources, tools)
    ladder = Ladder(chosen_workloads(chosen, context, notes), chosen_rungs(chosen, tools, work, notes), out, accounts,
                    notes.say)
    ways = candidates(tools, chosen.quick) if "limit" in chosen.rungs else []
    if "limit" in chosen.rungs and not ways:
        notes.keep("without fio: the limit is `dd oflag=direct` alone")
    limit = Limit(ways, chosen.size, out, accounts, notes.keep)
    for number in range(chosen.rounds):
        limit.round(number)
        ladder.round(number)
    if not chosen.no_calls and passes.can_trace():
        ladder.count_system_calls(*(smaller(ladder, mib, work, tools) for mib in TRACED_MIB))
    of_limit = summary.of_limit(limit)
    return {
        "machine": machine(work),
        "settings": {"mib": chosen.size, "files": chosen.files, "rounds": chosen.rounds},
        "cpu_contains": accounts.contains,
        "workloads": {table.workload.name: summary.of_table(table, of_limit) for table in ladder.tables},
        "limit": of_limit,
        "notes": notes.kept,
    }


def main(arguments: list[str]) -> int:
    chosen = options(arguments)
    # So that the gigabytes in memory go away with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    scratch = chosen.dir or Path(os.environ.get("SEQSHIM_SCRATCH") or chosen.build / "scratch")
    scratch.mkdir(parents=True, exist_ok=True)
    notes = Notes()
    with tempfile.TemporaryDirectory(prefix="ladder.", dir=scratch.resolve()) as work:
        accounts = Accounts()
        sources = Sources(Path(work) / "sources")
        try:
            result = report(chosen, Path(work), accounts, sources, notes)
        finally:
            sources.remove()
            accounts.remove()
    print(rendering.markdown(result), end="")
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=1) + "\n")
    if chosen.plots:
        plotting.plot(result, chosen.plots, notes.say)
    wrong = [row for table in result["workloads"].values() for row in table["rows"].values() if row["wrong"]]
    return 1 if wrong else 0
