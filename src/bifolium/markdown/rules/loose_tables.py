"""kramdown's tables: without a ruler or a head, ragged, without bars at their ends; with several parts and a foot.

https://kramdown.gettalong.org/syntax.html#tables, but for prose: there any `a | b` is a table. Here a line that
begins with a bar is one, or several lines with equally many bars among blanks, or pictures side by side.
"""

from __future__ import annotations

import re
from functools import partial

from markdown_it.rules_block import StateBlock

from bifolium.markdown.blocks import BlockState
from bifolium.markdown.cells import Cell, bars_of, cells_of
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.rules.tables import MOST_EMPTY, align_of, table, write_row

_RULER = re.compile(r"[+|:\t -]*-[+|:\t -]*")
_FOOT = re.compile(r"[+|:\t =]*=[+|:\t =]*")
_PICTURE = re.compile(r"\[?!\[.*\)(?:\{[^{}]*\})?")


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add kramdown's tables, where that is the flavour."""
    if options.flavour == "kramdown":
        md.block.ruler.at("table", partial(_table, options=options), {"alt": ["paragraph", "reference"]})


def _table(state: StateBlock, start: int, end: int, silent: bool, options: MarkdownOptions) -> bool:
    """Read a table that fills its block; whatever else GFM calls a table is one, too."""
    assert isinstance(state, BlockState)
    if state.src.find("|", state.bMarks[start], state.eMarks[start]) < 0 or state.is_code_block(start):
        return False
    if silent:
        return table(state, start, end, silent, options)
    last = _last(state, start, end, options)
    if last is None or not _is_table([state.text(line) for line in range(start, last)], options):
        return table(state, start, end, silent, options)
    rows = {line: cells_of(state.text(line), options) for line in range(start, last) if not _divides(state, line)}
    columns = max(map(len, rows.values()))
    if columns * len(rows) - sum(map(len, rows.values())) > MOST_EMPTY:
        return False
    _write(state, start, last, rows, columns)
    return True


def _last(state: BlockState, start: int, end: int, options: MarkdownOptions) -> int | None:
    """Return the line after the block's last one, or None if there is a line without a bar in it."""
    line = start
    while line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent:
        if state.text(line).startswith("{:") and line > start:
            break
        if not _divides(state, line) and not bars_of(state.text(line), options):
            return None
        line += 1
    return line


def _divides(state: BlockState, line: int) -> bool:
    text = state.text(line)
    return bool(_RULER.fullmatch(text) or _FOOT.fullmatch(text))


def _is_table(lines: list[str], options: MarkdownOptions) -> bool:
    rows = [line for line in lines if not (_RULER.fullmatch(line) or _FOOT.fullmatch(line))]
    if not rows:
        return False
    if rows[0].startswith("|"):
        return len(bars_of(rows[0], options)) > 1 or len(lines) > 1
    if len(rows) < len(lines):
        return True
    if len(rows) == 1:
        return all(_PICTURE.fullmatch(cell.text) for cell in cells_of(rows[0], options))
    bars = [[row[at - 1 : at + 2] for at in bars_of(row, options)] for row in rows]
    return all(len(some) == len(bars[0]) and all(bar.strip() == "|" for bar in some) for some in bars)


def _write(state: BlockState, start: int, last: int, rows: dict[int, list[Cell]], columns: int) -> None:
    """Write the parts: the rows before the first ruler are the head, those after a line of `=` the foot.

    A line above all rows divides nothing.
    """
    first = min(rows)
    ruler = next((line for line in range(first, last) if line not in rows and _RULER.fullmatch(state.text(line))), None)
    aligns = _aligns(state.text(ruler) if ruler is not None else "", columns)
    opening = state.push("table_open", "table", 1)
    opening.map = [start, last]
    tag = "thead" if ruler is not None and _has_rows(rows, ruler, last) else "tbody"
    part: list[int] = []
    for line in range(first, last):
        if line in rows:
            part.append(line)
            continue
        _write_part(state, part, rows, aligns, tag)
        tag = "tfoot" if "=" in state.text(line) else "tbody"
        part = []
    _write_part(state, part, rows, aligns, tag)
    state.push("table_close", "table", -1)
    state.line = last


def _has_rows(rows: dict[int, list[Cell]], after: int, last: int) -> bool:
    return any(line in rows for line in range(after, last))


def _aligns(ruler: str, columns: int) -> list[str]:
    found = [align_of(column.strip() or "-") for column in re.split(r"[|+]", ruler.strip().strip("|+"))]
    return [*found, *[""] * columns][:columns]


def _write_part(state: BlockState, part: list[int], rows: dict[int, list[Cell]], aligns: list[str], tag: str) -> None:
    if not part:
        return
    state.push(f"{tag}_open", tag, 1)
    for line in part:
        write_row(state, line, rows[line], aligns, "th" if tag == "thead" else "td")
    state.push(f"{tag}_close", tag, -1)
