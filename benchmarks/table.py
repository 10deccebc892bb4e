"""The results as tables for people: medians, and which part of the others' time bifolium takes."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

OURS = ("bifolium", "bifolium[fast]")
Runs = Sequence[Mapping[str, float]]


def rows(results: Mapping[str, Any]) -> Iterator[str]:
    """Yield all tables: one for each blog and trial."""
    machine = results.get("machine", {})
    yield ", ".join(f"{name} {value}" for name, value in machine.items())
    yield ", ".join(results.get("versions", {}).values())
    for case, trials in results["cases"].items():
        for trial, found in trials.items():
            yield from _table(f"{case}: {trial}", found["runs"])
            yield from found["wrong"]


def ratio(ours: Runs, theirs: Runs, what: str) -> float:
    """Return which part of theirs ours is: the median of the parts in each round, whose builds stand side by side."""
    pairs = [(one[what], other[what]) for one, other in zip(ours, theirs, strict=False) if other[what]]
    return statistics.median(one / other for one, other in pairs) if pairs else float("nan")


def middle(runs: Runs, what: str) -> float:
    """Return the median."""
    return statistics.median(it[what] for it in runs)


def _table(title: str, runs: Mapping[str, Runs]) -> Iterator[str]:
    ours = [name for name in OURS if runs.get(name)]
    yield f"\n| {title} | wall s | work s | peak MB | {' | '.join(f'{name}: wall, work' for name in ours)} |"
    yield f"|---|---:|---:|---:|{'---:|' * len(ours)}"
    for name, some in runs.items():
        if some:
            parts = " | ".join(_part(runs[it], some) if it != name else "" for it in ours)
            figures = f"{middle(some, 'wall'):.3f} | {middle(some, 'cpu'):.3f} | {middle(some, 'memory') / 2**20:.0f}"
            yield f"| {name} | {figures} | {parts} |"


def _part(ours: Runs, theirs: Runs) -> str:
    return ", ".join(f"{ratio(ours, theirs, what):.3f}" for what in ("wall", "cpu") if any(it[what] for it in theirs))
