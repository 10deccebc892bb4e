"""The tags of Liquid that have lines of their own: highlighted code, comments, snippets, and raw text.

Where a line begins or ends with `{% raw %}` or `{% endraw %}`, it begins after it and ends before it, also in code.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

from bifolium.markdown import liquid
from bifolium.markdown.blocks import INTERRUPTS, Blocks, BlockState
from bifolium.markdown.liquid import RAW, TAG, LiquidError
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.places import Places
from bifolium.markdown.rules.liquid import ENDS, is_raw, values_of
from bifolium.markdown.sheet import Sheet, sheet_of

_LINE_OF_RAW = re.compile(rf"[ \t]*{RAW.pattern}[ \t]*")
_RAW_AT_END = re.compile(rf"[ \t]*{RAW.pattern}[ \t]*\Z")


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add the rules, where kramdown is the flavour."""
    if options.flavour == "kramdown":
        md.block.prepare.append(_trim)
        md.block.add("liquid", _block, "attributes", starts="{", ends=INTERRUPTS)


def _trim(state: BlockState) -> None:
    """Let lines begin after `{% raw %}` and `{% endraw %}`, and end before them."""
    if "raw" not in state.src or "{%" not in state.src:
        return
    for line in range(state.lineMax):
        start, end = state.bMarks[line], state.eMarks[line]
        text = state.src[start:end]
        if "{%" not in text:
            continue
        if found := _LINE_OF_RAW.match(text):
            state.bMarks[line], state.tShift[line] = start + found.end(), 0
            state.trimmed = True
            state.sCount[line] = 0 if found.end() == len(text) else state.sCount[line]
        if found := _RAW_AT_END.search(state.src[state.bMarks[line] : end]):
            state.eMarks[line] = state.bMarks[line] + found.start()
            state.trimmed = True


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a tag that has a line of its own."""
    assert isinstance(state, BlockState)
    text = state.text(start)
    tag = TAG.match(text)
    if not tag or state.is_code_block(start):
        return False
    if tag[1] in ENDS:
        return _enclosing(state, start, end, silent, tag[1])
    if tag[1] != "include" or text[tag.end() :].strip() or is_raw(state.env, state.src, state.bMarks[start]):
        return False
    return silent or _include(state, start, tag)


def _enclosing(state: BlockState, start: int, end: int, silent: bool, name: str) -> bool:
    """Read `{% highlight ruby %}` or `{% comment %}` up to its end."""
    pos = state.bMarks[start] + state.tShift[start]
    opening, found = TAG.match(state.src, pos), None
    last = start
    if state.unclosed.get(name, state.lineMax) <= start or not opening:
        return False
    while last < end and not found:
        found = ENDS[name].search(state.src, max(state.bMarks[last], opening.end()), state.eMarks[last])
        last += not found
    if not found:
        state.unclosed[name] = start
        return False
    if silent:
        return True
    if name == "highlight":
        token = state.push("fence", "code", 0)
        token.info, token.markup, token.map = opening[2], "{%", [start, last + 1]
        inner = state.src[opening.end() : found.start()] if last == start else _lines(state, start, last, found)
        token.content = RAW.sub("", inner).strip("\n").rstrip() + "\n"
    state.line = last + 1
    return True


def _lines(state: BlockState, start: int, last: int, found: re.Match[str]) -> str:
    lines = state.getLines(start + 1, last, state.blkIndent, False)
    return f"{lines}\n{state.src[state.bMarks[last] : found.start()]}"


def _include(state: BlockState, start: int, tag: re.Match[str]) -> bool:
    """Put a snippet in: its blocks stand where the tag stands."""
    sheet = sheet_of(state.env)
    column = state.bMarks[start] + state.tShift[start] - state.starts[start]
    try:
        text = liquid.expand(tag[2], values_of(state.env))
    except LiquidError:
        return False  # the paragraph that it is then tells what is wrong
    inner = Sheet(_Pinned(sheet.places, start, column))
    inner.problems, inner.attributes, inner.labels = sheet.problems, sheet.attributes, sheet.labels
    state.env["sheet"] = inner
    before = len(state.tokens)
    assert isinstance(state.md.block, Blocks)
    state.md.block.parse(text, state.md, state.env, state.tokens)
    state.env["sheet"] = sheet
    for token in state.tokens[before:]:
        token.level += state.level
        token.map = [start, start + 1] if token.map else None
        token.meta["pinned"] = (start, column)
    state.line = start + 1
    return True


class _Pinned(Places):
    """The places of a snippet: all of it stands where it is included."""

    def __init__(self, outer: Places, line: int, column: int) -> None:
        self._outer, self._line, self._column = outer, line, column

    def line(self, number: int) -> str:
        return self._outer.line(self._line)

    def spot(self, line: int, column: int) -> tuple[int, int]:
        return self._outer.spot(self._line, self._column)

    def line_at(self, spot: tuple[int, int]) -> str:
        return self._outer.line_at(spot)
