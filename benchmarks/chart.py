"""Draws the chart of the manual's post about speed, and writes its table, from the figures in results.json.

    python -m benchmarks.chart

The chart is plain SVG, light or dark as its reader's system is; the table says the same to those who don't see it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import saving, yardsticks
from benchmarks.table import middle

ROOT = Path(__file__).parents[1]
FIGURES = ROOT / "benchmarks" / "results.json"
CHART = ROOT / "images" / "speed.svg"
POST = ROOT / "posts" / "2026-11-20-speed.md"
BEGIN, END = "<!-- figures: written by `python -m benchmarks.chart` -->", "<!-- end of the figures -->"
SHOWN = {
    "cold": "A first build",
    "unchanged": "Nothing changed",
    "one post edited": "One post edited",
    "template edited": "Base template edited",
    saving.NAME: "Preview: saved, and shown",
}
BUSY = "work of processors, since the machine was busy (the preview: by the clock)"
WIDTH, NAME, BAR, LINE, GAP = 480, 118, 290, 20, 14
STYLE = """text{font:13px system-ui,sans-serif;fill:#222}.head{font-weight:600}rect{fill:#9aa4b2}.ours{fill:#2f6fde}
@media (prefers-color-scheme:dark){text{fill:#ddd}rect{fill:#6b7480}.ours{fill:#7aa7ff}}"""


class Group(NamedTuple):
    """What is shown of one trial: its title, and the seconds of each generator."""

    title: str
    seconds: Mapping[str, float]


def main() -> None:
    """Write the chart, and the table into the post."""
    results = json.loads(FIGURES.read_text(encoding="utf-8"))
    CHART.write_text(svg(groups(results)), encoding="utf-8")
    POST.write_text(with_figures(POST.read_text(encoding="utf-8"), results), encoding="utf-8")


def groups(results: Mapping[str, Any]) -> list[Group]:
    """Return what is shown: of the first blog every trial, of the others the first build."""
    trials, *_ = results["cases"].values()
    others = list(results["cases"].items())[1:]
    found = [Group(title, _seconds(trials[name], results)) for name, title in SHOWN.items() if name in trials]
    return found + [
        Group(f"A first build, {case}", _seconds(it["cold"], results)) for case, it in others if "cold" in it
    ]


def svg(shown: Sequence[Group]) -> str:
    """Return the chart: a group of bars for each trial, each drawn to its own longest bar; narrow, for telephones."""
    *tops, height = accumulate((LINE * (len(it.seconds) + 1) + GAP for it in shown), initial=0)
    parts = [part for group, top in zip(shown, tops, strict=True) for part in _bars(group, top)]
    title = "<title>How long bifolium and other generators take</title>"
    told = escape("; ".join(f"{it.title}: {', '.join(_told(it))}" for it in shown))
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    return "\n".join((opening, title, f"<desc>{told}</desc>", f"<style>{STYLE}</style>", *parts, "</svg>", ""))


def with_figures(post: str, results: Mapping[str, Any]) -> str:
    """Return a post with the table between its marks."""
    before, _, rest = post.partition(BEGIN)
    return "\n".join((before + BEGIN, "", *_table(results), "", END + rest.partition(END)[2]))


def shown_seconds(seconds: float) -> str:
    """Return seconds as people read them: three digits at most."""
    return f"{1000 * seconds:.0f} ms" if seconds < 0.9995 else f"{seconds:.1f} s"


def _seconds(trial: Mapping[str, Any], results: Mapping[str, Any]) -> dict[str, float]:
    """Return each generator's median: by the clock, or of processors if the machine was busy and these were told."""
    what = "cpu" if results.get("busy") else "wall"
    runs = {name: some for name, some in trial["runs"].items() if some and name not in yardsticks.NAMES}
    return {
        _name(name, results): middle(some, what if any(it[what] for it in some) else "wall")
        for name, some in runs.items()
    }


def _name(name: str, results: Mapping[str, Any]) -> str:
    """Return a generator's name as it writes it."""
    return str(results["versions"].get(name, name)).rpartition(" ")[0] or name


def _table(results: Mapping[str, Any]) -> Iterator[str]:
    shown = groups(results)
    names = list(dict.fromkeys(name for group in shown for name in group.seconds))
    versions = {_name(name, results): version for name, version in results["versions"].items()}
    yield f"| {next(iter(results['cases']))} | {' | '.join(versions.get(name, name) for name in names)} |"
    yield "|---|" + "---:|" * len(names)
    for group in shown:
        cells = (shown_seconds(group.seconds[name]) if name in group.seconds else "" for name in names)
        yield f"| {group.title} | {' | '.join(cells)} |"
    machine, of = results["machine"], BUSY if results.get("busy") else "by the clock"
    where = f"{machine['cores']} cores, {machine['system']}, Python {machine['python']}"
    yield f"\nMedians of {results['rounds']}, {of}; {where}."


def _bars(group: Group, y: int) -> Iterator[str]:
    yield f'<text class="head" x="4" y="{y + 15}">{escape(group.title)}</text>'
    longest = max(group.seconds.values())
    for at, (name, seconds) in enumerate(group.seconds.items(), 1):
        top, width = y + at * LINE, max(1.0, BAR * seconds / longest)
        ours = ' class="ours"' if name.startswith("bifolium") else ""
        yield f'<text x="{NAME - 8}" y="{top + 15}" text-anchor="end">{escape(name)}</text>'
        yield f'<rect{ours} x="{NAME}" y="{top + 3}" width="{width:.1f}" height="{LINE - 6}" rx="2"/>'
        yield f'<text x="{NAME + width + 6:.1f}" y="{top + 15}">{shown_seconds(seconds)}</text>'


def _told(group: Group) -> Iterator[str]:
    for name, seconds in group.seconds.items():
        yield f"{name} {shown_seconds(seconds)}"


if __name__ == "__main__":
    main()
