"""Curves over a logarithmic axis, by gnuplot: the median, and a hair from the least to the most."""
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from ladder.plotting import quoted
from ladder.summary import Summary

TERMINALS = {"svg": "svg font 'DejaVu Sans,13' background '#ffffff'",
             "png": "pngcairo font 'DejaVu Sans,10' background '#ffffff'"}
COLOURS = ["#4a4a4a", "#d1361f", "#7aa6c2", "#c99a2e", "#6a9f58", "#9d7bb0"]


@dataclass(frozen=True)
class Curves:
    name: str
    title: str
    x_title: str
    y_title: str
    # For each curve its spreads, by x.
    series: dict[str, dict[float, Summary]]
    x_labels: dict[float, str] = field(default_factory=dict)


def draw(curves: Curves, directory: Path) -> None:
    if not shutil.which("gnuplot"):
        return
    directory.mkdir(parents=True, exist_ok=True)
    for ending, terminal in TERMINALS.items():
        subprocess.run(["gnuplot"], input=script(curves, terminal, directory / f"{curves.name}.{ending}"), text=True,
                       check=True)


def script(curves: Curves, terminal: str, to: Path) -> str:
    blocks, parts = [], []
    for i, (title, points) in enumerate(curves.series.items()):
        lines = "".join(f"{x} {y['median']} {y['min']} {y['max']}\n" for x, y in sorted(points.items()))
        blocks.append(f"$data{i} << END\n{lines}END\n")
        look = f"lw 1.5 lc rgb '{COLOURS[i % len(COLOURS)]}'"
        parts.append(f"$data{i} using 1:2:3:4 with yerrorlines pt 7 ps 0.6 {look} title {quoted(title)}")
    ticks = ", ".join(f"{quoted(label)} {x}" for x, label in curves.x_labels.items())
    return "".join(blocks) + f"""
set terminal {terminal} noenhanced size 700,420
set output {quoted(str(to))}
set title {quoted(curves.title)}
set xlabel {quoted(curves.x_title)}
set ylabel {quoted(curves.y_title)}
set logscale x 2
set xtics ({ticks})
set yrange [0:*]
set offsets graph 0.03, graph 0.03, 0, 0
set border 3 lc rgb '#888888'
set grid y lc rgb '#dddddd' lt 1
set tics nomirror scale 0.5
set key top right
plot {", ".join(parts)}
"""
