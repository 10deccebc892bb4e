"""The results as a table for people and as JSON for programs."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.timing import Run, median

Results = Mapping[str, Mapping[str, Sequence[Run]]]
"""Runs by trial and generator."""


def rows(results: Results) -> Iterator[str]:
    """Yield the table: medians by the clock, of processors and of memory; in brackets bifolium's part of others."""
    names = list(dict.fromkeys(name for some in results.values() for name in some))
    yield f"| {'':16} | " + " | ".join(f"{name:>46}" for name in names) + " |"
    yield "|".join(["", "-" * 18, *("-" * 47 + ":" for _ in names), ""])
    for trial, some in results.items():
        ours = median(some["bifolium"]) if some.get("bifolium") else None
        yield f"| {trial:16} | " + " | ".join(f"{_cell(some.get(name, ()), ours):>46}" for name in names) + " |"


def document(results: Results, versions: Mapping[str, str], posts: int, *, math: bool) -> dict[str, Any]:
    """Return all that was measured, and with what."""
    return {
        "posts": posts,
        "math": math,
        "versions": dict(versions),
        "machine": machine(),
        "runs": {
            trial: {name: [run._asdict() for run in runs] for name, runs in some.items()}
            for trial, some in results.items()
        },
    }


def machine() -> dict[str, Any]:
    """Return what of the machine decides upon speed."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return {
        "system": platform.platform(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": round(load, 2),
    }


def _cell(runs: Sequence[Run], ours: Run | None) -> str:
    if not runs:
        return "–"
    found = median(runs)
    parts = (ours.wall / found.wall, ours.cpu / found.cpu) if ours and found != ours else ()
    shown = f" ({', '.join(f'{part:.3f}' for part in parts)})" if parts else ""
    return f"{found.wall:.2f} s, {found.cpu:.2f} cpu, {found.memory >> 20} MB{shown}"
