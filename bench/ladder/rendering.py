"""The tables, in Markdown."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .summary import Summary

Row = dict[str, Any]


def markdown(report: Summary) -> str:
    return "\n".join(lines(report)) + "\n"


def lines(report: Summary) -> Iterator[str]:
    settings = report["settings"]
    yield (f"{report['machine']}, {settings['mib']} MiB, medians of {settings['rounds']} interleaved "
           f"round{'s' if settings['rounds'] > 1 else ''}. "
           "Time ends when the output is durable (fsync; of a directory, syncfs). "
           f"CPU: {report['cpu_contains']}.")
    tables = report["workloads"]
    yield from overview(tables, "MB/s to durable", lambda row: number(median(row, "mb_per_s"), 0))
    yield from overview(tables, "CPU s/GB", lambda row: number(median(row, "cpu_s_per_gb"), 2))
    for table in tables.values():
        yield from details(table)
    yield from limits(report["limit"])
    if report["notes"]:
        yield ""
        yield from (f"- {note}" for note in report["notes"])


def overview(tables: dict[str, Summary], what: str, shown: Callable[[Row], str]) -> Iterator[str]:
    rungs = list(dict.fromkeys(name for table in tables.values() for name in table["rows"]))
    with_limit = what.startswith("MB/s") and any(table["limit"] for table in tables.values())
    yield ""
    yield heading([what, *rungs, *(["limit"] if with_limit else [])])
    for table in tables.values():
        cells = [table["title"]]
        for name in rungs:
            row = table["rows"].get(name)
            text = shown(row) if row else "-"
            cells.append(f"**{text}**" if name == "seqshim" else text)
        if with_limit:
            cells.append(number(median(table["limit"], "mb_per_s"), 0))
        yield line(cells)


COLUMNS: list[tuple[str, Callable[[Row], str]]] = [
    ("MB/s", lambda row: number(median(row, "mb_per_s"), 0)),
    ("min - max", lambda row: between(row["mb_per_s"])),
    ("x buffered", lambda row: number(row["of_buffered"], 2)),
    ("x limit", lambda row: number(row["of_limit"], 2)),
    ("wall x devnull", lambda row: number(row["wall_of_devnull"], 2)),
    ("CPU s/GB", lambda row: number(median(row, "cpu_s_per_gb"), 3)),
    ("user", lambda row: number(median(row, "user_s_per_gb"), 3)),
    ("system", lambda row: number(median(row, "system_s_per_gb"), 3)),
    ("kernel threads", lambda row: number(median(row, "kernel_threads_s_per_gb"), 3)),
    ("cached MiB, peak", lambda row: number(median(row, "peak_mib"), 2)),
    ("left", lambda row: number(median(row, "left_mib"), 2)),
    ("call us, p50", lambda row: latency(row, "p50")),
    ("p99", lambda row: latency(row, "p99")),
    ("p99.9", lambda row: latency(row, "p999")),
    ("calls/MiB", lambda row: number(row["calls_per_mib"], 1)),
]


def details(table: Summary) -> Iterator[str]:
    rows = table["rows"]
    columns = [(name, shown) for name, shown in COLUMNS if any(shown(row) != "-" for row in rows.values())]
    yield ""
    yield f"### {table['title']}"
    yield ""
    size = f"{table['bytes'] / (1 << 20):.0f} MiB."
    limit = table["limit"]
    yield size + (f" Limit: {limit['title']}, {median(limit, 'mb_per_s'):.0f} MB/s." if limit else "")
    yield ""
    yield heading(["", *(name for name, _ in columns)])
    for row in rows.values():
        title = row["title"] + (f" **WRONG: {row['wrong']}**" if row["wrong"] else "")
        yield line([title, *(shown(row) for _, shown in columns)])


def limits(rows: dict[str, Row]) -> Iterator[str]:
    if rows:
        yield ""
        yield "### The limit"
        yield ""
        yield heading(["", "MB/s", "min - max"])
        for row in rows.values():
            yield line([row["title"], number(median(row, "mb_per_s"), 0), between(row["mb_per_s"])])


def median(row: Row | None, what: str) -> float | None:
    return row[what]["median"] if row and row[what] else None


def number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def between(values: Summary | None) -> str:
    return "-" if values is None else f"{values['min']:.0f} - {values['max']:.0f}"


def latency(row: Row, what: str) -> str:
    return number(row["latency_ns"][what]["median"] / 1000, 2) if row["latency_ns"] else "-"


def heading(cells: list[str]) -> str:
    return line(cells) + "\n|---|" + "---:|" * (len(cells) - 1)


def line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
