r"""`\begin{align}…\end{align}` is a displayed formula without any delimiters, as in LaTeX; so is a fence of `math`.

It may end a paragraph, and take one apart where it stands in the middle.
"""

from __future__ import annotations

import re
from typing import Final

from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bifolium.markdown.blocks import INTERRUPTS, BlockState
from bifolium.markdown.inlines import InlineState
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.places import margin
from bifolium.markdown.rules.formulas import push, tex_between, trailing
from bifolium.markdown.sheet import sheet_of
from bifolium.math.numbers import OUTER

_BEGIN: Final = re.compile(rf"\\begin\{{((?:{'|'.join(sorted(OUTER))})\*?)\}}")


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add what `options` name."""
    if options.environments:
        md.block.add("formula_environment", _block, "fence", starts="\\", ends=INTERRUPTS)
        md.inline.add("formula_environment", _inline, "\\", "escape")
    if options.fences:
        md.core.ruler.before("inline", "formula_fences", _take_fences)


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    assert isinstance(state, BlockState)
    begin = state.bMarks[start] + state.tShift[start]
    found = _BEGIN.match(state.src, begin, state.eMarks[start])
    if not found or state.is_code_block(start):
        return False
    last = _last(state, start, end, found)
    if last is None:
        return False
    stop = state.src.index(f"\\end{{{found[1]}}}", state.bMarks[last]) + len(found[0]) - 2
    values = trailing(state.src[stop : state.eMarks[last]])
    if values is None:
        return False
    if not silent:
        push(state, start, last, tex_between(state, start, last, (begin, stop)), values)
    return True


def _last(state: BlockState, start: int, end: int, begin: re.Match[str]) -> int | None:
    """Return the line on which the environment ends. It neither nests nor holds blank lines, so this stays linear."""
    closing = f"\\end{{{begin[1]}}}"
    for line in range(start, end):
        text = state.src[begin.end() : state.eMarks[line]] if line == start else state.text(line)
        if line > start and (state.isEmpty(line) or state.sCount[line] < state.blkIndent or begin[0] in text):
            return None
        if closing in text:
            return line
    return None


def _inline(state: StateInline, silent: bool) -> bool:
    found = _BEGIN.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    assert isinstance(state, InlineState)
    stop = state.formulas.environment(found[1], found.end(), state.posMax)
    if stop < 0:
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content = state.src[state.pos : stop]
        token.markup = "\\["
        token.meta["at"] = state.pos
    state.pos = stop
    return True


def _take_fences(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "fence" and token.info.strip() in {"math", "{.math}", "latex-math"} and token.content.strip():
            _take_fence(token, state)


def _take_fence(token: Token, state: StateCore) -> None:
    """Make a fence a formula whose lines keep the file's columns."""
    places = sheet_of(state.env).places
    first = (token.map[0] if token.map else 0) + 1
    lines = token.content.rstrip("\n").split("\n")
    placed = [" " * margin(places.line(first + n), line) + line for n, line in enumerate(lines)]
    tex = "\n".join(placed)
    before = tex[: len(tex) - len(tex.lstrip())]
    token.type, token.content, token.info = "formula_block", tex.strip(), ""
    token.meta["place"] = places.spot(first + before.count("\n"), len(before) - before.rfind("\n") - 1)
