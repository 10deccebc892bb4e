r"""A row of a table, taken apart into cells: a `|` within code or a formula divides nothing, and neither does `\|`."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.tex import Formulas, Span

_STOP = re.compile(r"[|\\$`]")
_ESCAPED_BAR = re.compile(r"\\\|")
_TICKS = re.compile(r"`+")


class Cell(NamedTuple):
    """A cell's text, where it starts in its line, and the offsets in it at which a backslash was taken out."""

    text: str
    start: int
    dropped: tuple[int, ...] = ()


def cells_of(row: str, options: MarkdownOptions) -> list[Cell]:
    """Return the cells of a row; bars at its ends are its frame."""
    row = row.rstrip(" \t")
    bars: list[int] = []
    dropped: list[int] = []
    for at, in_code in _bars(row, options):
        (dropped if in_code else bars).append(at)
    if bars and bars[0] == 0:
        bars.pop(0)
        first = 1
    else:
        first = 0
    if not bars or bars[-1] != len(row) - 1:
        bars.append(len(row))
    edges = [first, *(bar + 1 for bar in bars)]
    return [_cell(row, start, stop, dropped) for start, stop in zip(edges, bars, strict=False)]


def _cell(row: str, start: int, stop: int, dropped: list[int]) -> Cell:
    text = row[start:stop]
    start += len(text) - len(text.lstrip())
    text = text.strip()
    out = dropped[bisect_left(dropped, start) : bisect_left(dropped, start + len(text))]
    if not out:
        return Cell(text, start)
    parts = [row[left:right] for left, right in pairwise([start, *out, start + len(text)])]
    kept = parts[0] + "".join(part[1:] for part in parts[1:])
    return Cell(kept, start, tuple(at - start - number for number, at in enumerate(out)))


def bars_of(row: str, options: MarkdownOptions) -> list[int]:
    """Return where the bars stand that divide `row`."""
    return [at for at, in_code in _bars(row, options) if not in_code]


def _bars(row: str, options: MarkdownOptions) -> Iterator[tuple[int, bool]]:
    """Yield where cells end, and (with True) the backslashes before bars in code, which are not shown there."""
    if not ("`" in row or "$" in row or "\\" in row):
        yield from ((match.start(), False) for match in re.finditer(r"\|", row))
        return
    formulas, runs = Formulas(row), _runs(row)
    at = 0
    while stop := _STOP.search(row, at):
        at = stop.start()
        char = row[at]
        if char == "|":
            yield at, False
        elif char == "`":
            size, close = _code_span(row, at, runs)
            yield from ((match.start(), True) for match in _ESCAPED_BAR.finditer(row, at, close))
            at = close + size - 1
        elif span := _formula(formulas, row, at, options):
            at = span.end - 1
        elif char == "\\":
            at += 1
        at += 1


def _code_span(row: str, at: int, runs: dict[int, list[int]]) -> tuple[int, int]:
    """Return how many backticks stand at `at`, and where so many stand again (if nowhere, `at`)."""
    opening = _TICKS.match(row, at)
    assert opening
    size = opening.end() - at
    after = bisect_right(runs[size], at) if size in runs else 0
    closings = runs.get(size, [])
    return size, closings[after] if after < len(closings) else at


def _runs(row: str) -> dict[int, list[int]]:
    """Return where the runs of backticks of each length stand."""
    runs: dict[int, list[int]] = {}
    for match in _TICKS.finditer(row):
        runs.setdefault(len(match[0]), []).append(match.start())
    return runs


def _formula(formulas: Formulas, row: str, at: int, options: MarkdownOptions) -> Span | None:
    if not options.math:
        return None
    pair = row[at : at + 2]
    if pair == "$$":
        return formulas.doubled(at, len(row))
    if row[at] == "$":
        return formulas.single(at, len(row)) if options.dollars else None
    if pair in {"\\(", "\\["} and options.brackets:
        return formulas.bracketed(at, len(row))
    return None
