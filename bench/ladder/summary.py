"""Medians and spread of what was measured, as plain dictionaries: the JSON, and what tables and plots show."""
from __future__ import annotations

import statistics
from collections.abc import Iterable
from typing import Any

from .rounds import Limit, Row, Table

Summary = dict[str, Any]


def spread(values: Iterable[float | None]) -> Summary | None:
    known = [value for value in values if value is not None]
    if not known:
        return None
    return {"median": statistics.median(known), "min": min(known), "max": max(known), "rounds": known}


def of_row(row: Row) -> Summary:
    runs = row.runs
    return {
        "title": row.title,
        "command": row.command,
        "wrong": row.wrong,
        "seconds": spread(run.seconds for run in runs),
        "mb_per_s": spread(run.mb_per_s for run in runs),
        "cpu_s_per_gb": spread(run.per_gb(run.cpu.user + run.cpu.system + (run.cpu.kernel or 0)) for run in runs),
        "user_s_per_gb": spread(run.per_gb(run.cpu.user) for run in runs),
        "system_s_per_gb": spread(run.per_gb(run.cpu.system) for run in runs),
        "kernel_threads_s_per_gb": spread(
            None if run.cpu.kernel is None else run.per_gb(run.cpu.kernel) for run in runs),
        "machine_s_per_gb": spread(run.per_gb(run.cpu.machine) for run in runs),
        "peak_mib": spread(None if run.peak is None else run.peak / (1 << 20) for run in runs),
        "left_mib": spread(run.left / (1 << 20) for run in runs),
        "latency_ns": {name: spread(getattr(one, name) for one in row.latencies)
                       for name in ("p50", "p99", "p999", "longest", "clock")} if row.latencies else None,
        "calls_per_mib": row.calls_per_mib,
    }


def of_limit(limit: Limit) -> Summary:
    return {name: {"title": row.title, "command": row.command, "mb_per_s": spread(run.mb_per_s for run in row.runs)}
            for name, row in limit.rows.items() if row.runs}


def of_table(table: Table, limit: Summary) -> Summary:
    rows = {name: of_row(row) for name, row in table.rows.items() if row.runs or row.wrong}
    best = best_of([*limit.values(), *([rows["direct"]] if "direct" in rows else [])])
    for row in rows.values():
        row["of_limit"] = ratio(row, best, "mb_per_s")
        row["of_buffered"] = ratio(row, rows.get("buffered"), "mb_per_s")
        row["wall_of_devnull"] = ratio(row, rows.get("devnull"), "seconds")
    return {
        "title": table.workload.title,
        "mib": table.workload.mib,
        "bytes": table.output.bytes,
        "rows": rows,
        "limit": {"title": best["title"], "mb_per_s": best["mb_per_s"]} if best else None,
    }


def best_of(rows: list[Summary]) -> Summary | None:
    """By the median: the best single round of many ways would be luck."""
    return max((row for row in rows if row["mb_per_s"]), key=lambda row: row["mb_per_s"]["median"], default=None)


def ratio(row: Summary, other: Summary | None, what: str) -> float | None:
    if not other or not row[what] or not other[what]:
        return None
    return row[what]["median"] / other[what]["median"]
