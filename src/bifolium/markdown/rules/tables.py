"""GFM tables, in which a `|` within code or a formula splits no cell.

https://github.github.com/gfm/#tables-extension-, but for its example 200: there code is split.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from markdown_it.rules_block import StateBlock

from bifolium.markdown.blocks import Blocks, BlockState
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.sheet import sheet_of
from bifolium.markdown.tex import Formulas, Span

_RULER = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_STOP = re.compile(r"[|\\$`]")
_ESCAPED_BAR = re.compile(r"\\\|")
_TICKS = re.compile(r"`+")
_MOST_EMPTY = 0x10000
"""So many cells a table may leave out: rows of nothing would otherwise blow up a small text."""


class Cell(NamedTuple):
    """A cell's text, where it starts in its line, and the offsets in it at which a backslash was taken out."""

    text: str
    start: int
    dropped: tuple[int, ...] = ()


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add tables."""
    md.block.ruler.at("table", partial(_table, options=options), {"alt": ["paragraph", "reference"]})
    md.enable("table")


def _table(state: StateBlock, start: int, end: int, silent: bool, options: MarkdownOptions) -> bool:
    assert isinstance(state, BlockState)
    aligns = _aligns(state, start, end)
    if not aligns:
        return False
    header = _cells(state.text(start), options)
    if len(header) != len(aligns):
        return False
    if silent:
        return True
    table = state.push("table_open", "table", 1)
    state.push("thead_open", "thead", 1)
    _row(state, start, header, aligns, "th")
    state.push("thead_close", "thead", -1)
    state.line = _body(state, start + 2, end, aligns, options)
    state.push("table_close", "table", -1)
    table.map = [start, state.line]
    return True


def _aligns(state: BlockState, start: int, end: int) -> list[str]:
    """Return the columns' alignments if a ruler such as `|---|:-:|` stands under `start`, else none."""
    if start + 2 > end or state.src.find("|", state.bMarks[start], state.eMarks[start]) < 0:
        return []
    ruler = start + 1
    if state.sCount[ruler] < state.blkIndent or state.is_code_block(ruler) or state.is_code_block(start):
        return []
    text = state.text(ruler)
    if text[:1] not in "|-:" or len(text) < 2 or (text[0] == "-" and text[1] in " \t") or not _RULER.fullmatch(text):
        return []
    return [_align(column.strip()) for column in text.strip().strip("|").split("|")]


def _align(column: str) -> str:
    ends = column[0] == ":", column[-1] == ":"
    return {(True, True): "center", (True, False): "left", (False, True): "right"}.get(ends, "")


def _body(state: BlockState, line: int, end: int, aligns: list[str], options: MarkdownOptions) -> int:
    """Write the rows from `line` on, and return the line after them."""
    assert isinstance(state.md.block, Blocks)
    first, empty = line, 0
    outer, state.parentType = state.parentType, "table"
    while line < end and state.sCount[line] >= state.blkIndent and not state.isEmpty(line):
        if state.is_code_block(line) or state.md.block.interrupts(state, line, end, "blockquote"):
            break
        cells = _cells(state.text(line), options)
        empty += len(aligns) - len(cells)
        if empty > _MOST_EMPTY:
            break
        if line == first:
            state.push("tbody_open", "tbody", 1)
        _row(state, line, cells, aligns, "td")
        line += 1
    if line > first:
        state.push("tbody_close", "tbody", -1)
    state.parentType = outer
    return line


def _row(state: BlockState, line: int, cells: list[Cell], aligns: list[str], tag: str) -> None:
    state.push("tr_open", "tr", 1)
    left = state.bMarks[line] + state.tShift[line] - state.starts[line]
    for number, align in enumerate(aligns):
        cell = cells[number] if number < len(cells) else Cell("", 0)
        token = state.push(f"{tag}_open", tag, 1)
        if align:
            token.attrs = {"class": f"align-{align}"}
        inline = state.push("inline", "", 0)
        inline.map = [line, line + 1]
        inline.content = cell.text
        inline.children = []
        inline.meta = {"column": left + cell.start, "dropped": cell.dropped}
        state.push(f"{tag}_close", tag, -1)
    state.push("tr_close", "tr", -1)
    extra = next((cell for cell in cells[len(aligns) :] if cell.text), None)
    if extra:
        _report(
            state, line, left + extra.start, f"`{extra.text}` is not shown: the table has {len(aligns)} columns only"
        )


def _report(state: BlockState, line: int, column: int, message: str) -> None:
    sheet = sheet_of(state.env)
    hint = "add a column to the table's head, or write `\\|` for a bar that divides nothing"
    sheet.report(sheet.places.spot(line, column), "table", message, hint)


def _cells(row: str, options: MarkdownOptions) -> list[Cell]:
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
