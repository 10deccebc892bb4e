"""The tags of Liquid that have lines of their own: highlighted code, comments, snippets, and raw text.

Where a line begins or ends with `{% raw %}` or `{% endraw %}`, it begins after it and ends before it, also in code.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from markdown_it.common.utils import normalizeReference
from markdown_it.rules_block import StateBlock

from bifolium.markdown.blocks import INTERRUPTS, Blocks, BlockState
from bifolium.markdown.liquid import RAW, TAG, LiquidError
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.places import Places
from bifolium.markdown.rules.liquid import ENDS, is_raw, values_of
from bifolium.markdown.sheet import Sheet, sheet_of
from bifolium.markdown.snippets import Filled, expand

IN_SNIPPET: Final = "in a snippet"
"""The key in a text's env while a snippet's blocks are read: its tags are filled in already."""
_DEFINITION = re.compile(
    r"""\[([^\[\]]{1,300})\]:[ \t]*(\S*?(?:\{\{[^{}]*\}\}|\{%[^{}]*%\})\S*)"""
    r"""(?:[ \t]+(?:"([^"]*)"|'([^']*)'|\(([^()]*)\)))?[ \t]*"""
)
_LINE_OF_RAW = re.compile(rf"[ \t]*{RAW.pattern}[ \t]*")
_RAW_AT_END = re.compile(rf"[ \t]*{RAW.pattern}[ \t]*\Z")


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add the rules, where kramdown is the flavour."""
    if options.flavour == "kramdown":
        md.block.prepare.append(_trim)
        md.block.add("liquid", _block, "attributes", starts="{", ends=INTERRUPTS)
        md.block.add("liquid_reference", _reference, "reference", starts="[")


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
    tag = TAG.match(state.src, state.bMarks[start] + state.tShift[start], state.eMarks[end - 1])
    if not tag or state.is_code_block(start):
        return False
    if tag[1] in ENDS:
        return _enclosing(state, start, end, silent, tag[1])
    if IN_SNIPPET in state.env or is_raw(state.env, state.src, state.bMarks[start]):
        return False
    tags, last = _alone(state, start, end)
    if tags and all(tag[1] == "include" for tag in tags):
        return silent or _include(state, start, last, tags)
    if len(tags) == 1 and tag[1] == "assign":
        return silent or _assign(state, start, last, tag)
    return False


def _reference(state: StateBlock, start: int, _: int, silent: bool) -> bool:
    """Read `[tides]: {% post_url 2026-01-01-tides %} "Title"`: its target has blanks, so CommonMark sees none."""
    assert isinstance(state, BlockState)
    found = _DEFINITION.fullmatch(state.text(start)) if "{" in state.text(start) else None
    if not found or state.is_code_block(start):
        return False
    if not silent:
        title = found[3] or found[4] or found[5] or ""
        defined = {"title": title, "href": state.md.normalizeLink(found[2]), "map": [start, start + 1]}
        state.env.setdefault("references", {}).setdefault(normalizeReference(found[1]), defined)
        state.line = start + 1
    return True


def _alone(state: BlockState, start: int, end: int) -> tuple[list[re.Match[str]], int]:
    """Return the tags that are all that stands from line `start` to the line that is returned, or none."""
    tags: list[re.Match[str]] = []
    pos, stop = state.bMarks[start] + state.tShift[start], state.eMarks[end - 1]
    while tag := TAG.match(state.src, pos, stop):
        tags.append(tag)
        pos = tag.end()
        last = bisect_left(state.eMarks, pos, start)
        if not state.src[pos : state.eMarks[last]].strip():
            within = all(state.sCount[line] >= state.blkIndent for line in range(start, last + 1))
            return (tags if within else []), last
        pos = state.skipSpaces(pos)
    return [], start


def _assign(state: BlockState, start: int, last: int, tag: re.Match[str]) -> bool:
    token = state.push("liquid", "", 0)
    token.hidden, token.content, token.map = True, tag[0], [start, last + 1]
    state.line = last + 1
    return True


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


def _include(state: BlockState, start: int, last: int, tags: list[re.Match[str]]) -> bool:
    """Put snippets in: their blocks stand where the tags stand."""
    sheet = sheet_of(state.env)
    column = state.bMarks[start] + state.tShift[start] - state.starts[start]
    try:
        filled = [expand(tag[2], values_of(state.env)) for tag in tags]
    except LiquidError:
        return False  # the paragraph that it is then tells what is wrong
    for wrong in (wrong for it in filled for wrong in it.wrong):
        sheet.report(sheet.places.spot(start, column), "liquid", *wrong.args)
    inner = Sheet(_Pinned(sheet.places, start, column))
    inner.problems, inner.attributes, inner.labels = sheet.problems, sheet.attributes, sheet.labels
    before = len(state.tokens)
    assert isinstance(state.md.block, Blocks)
    state.env["sheet"], state.env[IN_SNIPPET] = inner, True
    state.md.block.parse("".join(_between(tags, filled)), state.md, state.env, state.tokens)
    state.env["sheet"] = sheet
    del state.env[IN_SNIPPET]
    for token in state.tokens[before:]:
        token.level += state.level
        token.map = [start, last + 1] if token.map else None
        token.meta["pinned"] = (start, column)
    state.line = last + 1
    return True


def _between(tags: list[re.Match[str]], filled: list[Filled]) -> Iterator[str]:
    """Yield the snippets' texts, and the blanks that stand between their tags."""
    for number, (tag, it) in enumerate(zip(tags, filled, strict=True)):
        yield tag.string[tags[number - 1].end() : tag.start()] if number else ""
        yield it.text


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
