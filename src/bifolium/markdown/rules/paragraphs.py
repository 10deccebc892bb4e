"""Paragraphs and underlined headings in one pass, so that each line is asked once whether it ends them.

CommonMark, sections 4.8 and 4.3; in kramdown, a single line can be underlined only. A `$$` that is open at a line's
end keeps the next lines: a `- b` in a formula is no list.
"""

from __future__ import annotations

import re
from functools import partial

from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import StateBlock

from bifolium.markdown.blocks import Blocks, BlockState
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser

_UNDERLINE = re.compile(r"(=+|-+)[ \t]*")


def use(md: Parser, options: MarkdownOptions) -> None:
    """Replace the rules for paragraphs and for underlined headings."""
    short = options.flavour == "kramdown"
    md.block.ruler.at("paragraph", partial(_keeping_formulas if options.math else _paragraph, short=short))
    md.disable("lheading")


def _keeping_formulas(state: StateBlock, start: int, end: int, silent: bool, *, short: bool) -> bool:
    assert isinstance(state, BlockState)
    return _paragraph(state, start, end, silent, short=short, keeps=state.has_dollars)


def _paragraph(state: StateBlock, start: int, end: int, _silent: bool, *, short: bool, keeps: bool = False) -> bool:
    """Read a paragraph. `short`: only one line can be underlined; `keeps`: open formulas keep the next lines."""
    assert isinstance(state, BlockState)
    outer, state.parentType = state.parentType, "paragraph"
    underline = ""
    line = start
    while True:
        line = (_formula_end(state, line) if keeps else line) + 1
        if line >= state.lineMax or state.isEmpty(line):
            break
        if state.sCount[line] - state.blkIndent > 3:
            continue
        if line < end and not (short and line > start + 1) and (underline := _underline(state, line)):
            break
        if state.sCount[line] >= 0 and _ends(state, line):
            break
    state.parentType = outer
    _push(state, start, line, underline)
    return True


def _underline(state: BlockState, line: int) -> str:
    if state.sCount[line] < state.blkIndent or state.src[state.bMarks[line] + state.tShift[line]] not in "=-":
        return ""
    found = _UNDERLINE.fullmatch(state.text(line))
    return found[1][0] if found else ""


def _ends(state: BlockState, line: int) -> bool:
    assert isinstance(state.md.block, Blocks)
    return state.md.block.interrupts(state, line, state.lineMax)


def _push(state: BlockState, start: int, line: int, underline: str) -> None:
    kind, tag = ("heading", "h1" if underline == "=" else "h2") if underline else ("paragraph", "p")
    state.line = line + 1 if underline else line
    opening = state.push(f"{kind}_open", tag, 1)
    opening.map = [start, state.line]
    opening.markup = underline
    inline = state.push("inline", "", 0)
    content = state.getLines(start, line, state.blkIndent, False)
    inline.content = mdTrim(content)
    # the text of a task may begin below its box
    inline.map = [start + (content[: -len(inline.content)].count("\n") if content[0].isspace() else 0), line]
    inline.children = []
    state.push(f"{kind}_close", tag, -1).markup = underline


def _formula_end(state: BlockState, line: int) -> int:
    """Return the line on which the formula ends that `line` leaves open, or `line`."""
    open_ = _leaves_open(state.src[state.bMarks[line] : state.eMarks[line]])
    while open_:
        last = line + 1
        while last < state.lineMax and "$$" not in state.src[state.bMarks[last] : state.eMarks[last]]:
            if state.isEmpty(last) or state.sCount[last] < state.blkIndent:
                return line
            last += 1
        if last >= state.lineMax or state.isEmpty(last) or state.sCount[last] < state.blkIndent:
            return line
        text = state.src[state.bMarks[last] : state.eMarks[last]]
        open_ = _leaves_open(text[text.index("$$") + 2 :])
        line = last
    return line


def _leaves_open(text: str) -> bool:
    """Return whether the last `$$` of `text` has no partner; those in code don't count."""
    if "$$" not in text:
        return False
    if "`" in text:
        text = "".join(text.split("`")[::2])
    return text.count("$$") % 2 == 1
