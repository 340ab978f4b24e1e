"""The plots, by gnuplot: a line for each workload, a dot for each way to write it, a hair for its spread."""
from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .summary import Summary

# What is compared, in the order of the legend; seqshim last, so that it lies on top.
COLOURS = {
    "buffered": "#4a4a4a",
    "nocache": "#c99a2e",
    "piped": "#7aa6c2",
    "dontcache": "#6a9f58",
    "mbuffer": "#967662",
    "pv": "#9d7bb0",
    "direct": "#000000",
    "seqshim": "#d1361f",
}
# For what --also adds.
MORE_COLOURS = ("#e58a7b", "#8b2fc9", "#e0559a")
# Another question each: how fast the program is, not how fast it is written.
LEFT_OUT = ("no-sync", "devnull")
LABELS = {"piped": "| dd oflag=direct", "dontcache": "| RWF_DONTCACHE", "mbuffer": "| mbuffer",
          "pv": "| pv --direct-io", "direct": "dd bs=1M oflag=direct"}
WIDTH, TOP = 900, 84
# Where nothing at all stands on a logarithmic axis.
NOTHING = 1 / 1024


@dataclass(frozen=True)
class Dot:
    at: float
    low: float
    high: float
    line: float


@dataclass(frozen=True)
class Plot:
    name: str
    title: str
    # For each rung its dots.
    series: dict[str, list[Dot]]
    lines: list[str]
    axis: str = ""
    # Pixels for each line.
    pitch: int = 30


def plot(report: Summary, directory: Path, note: Callable[[str], None]) -> None:
    if not shutil.which("gnuplot"):
        note("without plots: there is no gnuplot here")
        return
    directory.mkdir(parents=True, exist_ok=True)
    for one in plots(report):
        if not any(one.series.values()):
            continue
        for ending, terminal in (("svg", "svg font 'DejaVu Sans,13' background '#ffffff'"),
                                 ("png", "pngcairo font 'DejaVu Sans,10' background '#ffffff'")):
            script = gnuplot_script(one, terminal, directory / f"{one.name}.{ending}")
            subprocess.run(["gnuplot"], input=script, text=True, check=True)


def plots(report: Summary) -> list[Plot]:
    tables = report["workloads"]
    zero = "set xrange [0:*]"
    cached = (f"set logscale x 2; set xrange [{NOTHING / 2}:*]; "
              f"set xtics ('nothing' {NOTHING}, '16 KiB' 1./64, '256 KiB' 1./4, '4 MiB' 4, '64 MiB' 64, '1 GiB' 1024)")
    return [
        spread_plot(tables, "throughput", "MB/s until the output is durable", "mb_per_s", zero),
        spread_plot(tables, "cpu", "CPU seconds per GB, the kernel's threads included", "cpu_s_per_gb", zero),
        spread_plot(tables, "page-cache", "most of the output that was in the page cache", "peak_mib", cached),
        latency_plot(tables),
    ]


def spread_plot(tables: Summary, name: str, title: str, what: str, axis: str) -> Plot:
    shown = [table for table in tables.values() if any(row[what] for row in table["rows"].values())]
    rungs = rungs_of(shown, what)
    series: dict[str, list[Dot]] = {rung: [] for rung in rungs}
    floor = NOTHING if "logscale" in axis else 0
    for line, table in enumerate(shown):
        for i, rung in enumerate(rungs):
            values = table["rows"].get(rung, {}).get(what)
            if values:
                median, low, high = (max(floor, values[part]) for part in ("median", "min", "max"))
                # A little apart, or one would hide the other.
                series[rung].append(Dot(median, low, high, line + (i - (len(rungs) - 1) / 2) * 0.07))
    return Plot(name, title, series, [plain(table["title"]) for table in shown], axis)


def rungs_of(tables: list[Summary], what: str) -> list[str]:
    """Those that have it, in the order of COLOURS."""
    known = {rung for table in tables for rung, row in table["rows"].items() if row[what]} - set(LEFT_OUT)
    if what == "peak_mib":
        known.discard("direct")  # nothing, by definition
    return [rung for rung in COLOURS if rung in known] + sorted(known - set(COLOURS))


def colour(rung: str, drawn: list[str]) -> str:
    others = [name for name in drawn if name not in COLOURS]
    return COLOURS.get(rung) or MORE_COLOURS[others.index(rung) % len(MORE_COLOURS)]


def latency_plot(tables: Summary) -> Plot:
    """A bar from the median to p99.9, the dot at p99: a little line of its own for each rung."""
    shown = [table for table in tables.values() if any(row["latency_ns"] for row in table["rows"].values())]
    rungs = rungs_of(shown, "latency_ns")
    series: dict[str, list[Dot]] = {rung: [] for rung in rungs}
    for line, table in enumerate(shown):
        for i, rung in enumerate(rungs):
            latency = table["rows"].get(rung, {}).get("latency_ns")
            if latency:
                us = [latency[part]["median"] / 1000 for part in ("p99", "p50", "p999")]
                series[rung].append(Dot(*us, line + (i - (len(rungs) - 1) / 2) * 0.7 / len(rungs)))
    axis = ("set logscale x; set xtics ('10 ns' .01, '100 ns' .1, '1 us' 1, '10 us' 10, '100 us' 100, "
            "'1 ms' 1000, '10 ms' 10000, '100 ms' 100000)")
    return Plot("latency", "one write call: from the median to p99.9, the dot at p99", series,
                [plain(table["title"]) for table in shown], axis, pitch=70)


def gnuplot_script(one: Plot, terminal: str, to: Path) -> str:
    drawn = [rung for rung, dots in one.series.items() if dots]
    height = TOP + 40 + one.pitch * len(one.lines)
    labels = ", ".join(f"{quoted(text)} {i}" for i, text in enumerate(one.lines))
    blocks, curves = [], []
    for i, rung in enumerate(drawn):
        blocks.append(f"$data{i} << END\n" + "".join(
            f"{dot.at} {dot.low} {dot.high} {dot.line}\n" for dot in one.series[rung]) + "END\n")
        line_colour = f"lc rgb '{colour(rung, drawn)}'"
        title = f"title {quoted(LABELS.get(rung, rung))}"
        size = 1.2 if rung == "seqshim" else 0.8
        curves.append(f"$data{i} using 2:4:($3-$2):(0) with vectors nohead lw 1.5 {line_colour} notitle")
        curves.append(f"$data{i} using 1:4 with points pt 7 ps {size} {line_colour} {title}")
    return "".join(blocks) + f"""
set terminal {terminal} noenhanced size {WIDTH},{height}
set output {quoted(str(to))}
set label {quoted(one.title)} at screen 0.02, screen {1 - 20 / height} left font ',{12 if "png" in terminal else 15}'
set key at screen 0.99, screen {1 - 34 / height} right top horizontal Left reverse maxcols 4 samplen 0.5 width 2
set tmargin at screen {1 - TOP / height}
set rmargin at screen 0.97
set border 1 lc rgb '#888888'
set grid x y lc rgb '#e2e2e2' lt 1
set tics nomirror scale 0.5 textcolor rgb '#222222'
set ytics ({labels}) scale 0
set yrange [{len(one.lines) - 0.5}:-0.5]
{one.axis}
plot {", ".join(curves)}
"""


def plain(title: str) -> str:
    return title.replace("`", "").replace("\\|", "|")


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
