"""GFM tables, in which a `|` within code or a formula splits no cell.

https://github.github.com/gfm/#tables-extension-, but for its example 200: there code is split.
"""

from __future__ import annotations

import re
from functools import partial

from markdown_it.rules_block import StateBlock

from bifolium.markdown.blocks import Blocks, BlockState
from bifolium.markdown.cells import Cell, cells_of
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.sheet import sheet_of

_RULER = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
MOST_EMPTY = 0x10000
"""So many cells a table may leave out: rows of nothing would otherwise blow up a small text."""


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add tables."""
    md.block.ruler.at("table", partial(table, options=options), {"alt": ["paragraph", "reference"]})
    md.enable("table")


def table(state: StateBlock, start: int, end: int, silent: bool, options: MarkdownOptions) -> bool:
    """Read a table as GFM has it."""
    assert isinstance(state, BlockState)
    aligns = _aligns(state, start, end)
    if not aligns:
        return False
    header = cells_of(state.text(start), options)
    if len(header) != len(aligns):
        return False
    if silent:
        return True
    table = state.push("table_open", "table", 1)
    state.push("thead_open", "thead", 1)
    write_row(state, start, header, aligns, "th")
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
    return [align_of(column.strip()) for column in text.strip().strip("|").split("|")]


def align_of(column: str) -> str:
    """Return the alignment that a column's part of the ruler says, such as `:-:`."""
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
        cells = cells_of(state.text(line), options)
        empty += len(aligns) - len(cells)
        if empty > MOST_EMPTY:
            break
        if line == first:
            state.push("tbody_open", "tbody", 1)
        write_row(state, line, cells, aligns, "td")
        line += 1
    if line > first:
        state.push("tbody_close", "tbody", -1)
    state.parentType = outer
    return line


def write_row(state: BlockState, line: int, cells: list[Cell], aligns: list[str], tag: str) -> None:
    """Write the row that stands on `line`, with as many cells as there are `aligns`."""
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
