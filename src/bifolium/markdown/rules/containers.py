"""Containers: what stands between `::: name` and `:::` is a `<div class="name">`; they nest.

`::: warning High tide` is an admonition, `::: details More` can be folded, `::: {.wide #map}` has attributes.
"""

from __future__ import annotations

import re
from typing import Final

from markdown_it.rules_block import StateBlock

from bifolium.markdown.attributes import read_attributes
from bifolium.markdown.blocks import INTERRUPTS, BlockState
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.sheet import sheet_of

ADMONITIONS: Final = frozenset(
    "note tip important warning caution info danger success question failure bug example quote abstract hint "
    "attention error todo details".split()
)
_OPENING = re.compile(r"(:{3,})[ \t]*(?:(\{[^{}\n]+\})|([A-Za-z][\w-]*)(?:[ \t]+([^\n]*?))?)[ \t]*:*[ \t]*")
_CLOSING = re.compile(r":{3,}[ \t]*")
_FENCE = re.compile(r"(`{3,})[^`]*|(~{3,}).*")


def use(md: Parser, _: MarkdownOptions) -> None:
    """Add containers."""
    md.block.add("container", _block, "fence", starts=":", ends=INTERRUPTS, contains=True)


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    assert isinstance(state, BlockState)
    opening = _OPENING.fullmatch(state.text(start))
    if not opening or state.is_code_block(start) or (opening[2] and not read_attributes(opening[2])):
        return False
    if silent:
        return True
    last = _last_line(state, start + 1, end)
    closed = last < end and bool(_CLOSING.fullmatch(state.text(last)))
    if not closed:
        _report(state, start, opening)
    closing_tag = _open(state, start, opening)
    outer, state.parentType = state.parentType, "container"
    outer_max, state.lineMax = state.lineMax, last
    state.md.block.tokenize(state, start + 1, last)
    state.parentType, state.lineMax = outer, outer_max
    state.push(closing_tag, "div", -1).markup = opening[1]
    state.line = last + 1 if closed else last
    return True


def _last_line(state: BlockState, line: int, end: int) -> int:
    """Return the line that closes the container, or the first after all that can be in it."""
    depth, fence = 0, ""
    while line < end and (state.isEmpty(line) or state.sCount[line] >= state.blkIndent):
        text = state.text(line) if not state.isEmpty(line) else ""
        if fence:
            bare = text.rstrip()
            fence = "" if bare.startswith(fence) and not bare.strip(fence[0]) else fence
        elif found := _FENCE.fullmatch(text):
            fence = found[1] or found[2]
        elif _OPENING.fullmatch(text):
            depth += 1
        elif _CLOSING.fullmatch(text):
            depth -= 1
            if depth < 0:
                return line
        line += 1
    return line


def _open(state: BlockState, start: int, opening: re.Match[str]) -> str:
    """Write the container's opening tag, and an admonition's title; return the kind of its closing one."""
    name, title = opening[3], opening[4] or ""
    if name and name.lower() in ADMONITIONS:
        kind = "admonition"
        token = state.push("admonition_open", "div", 1)
        token.markup = "???" if name.lower() == "details" else "!!!"
        token.info = f'{name} "{title}"' if title else name
        _title(state, start, title or name)
    else:
        kind = "container"
        token = state.push("container_open", "div", 1)
        found = read_attributes(opening[2]) if opening[2] else None
        token.attrs = dict(found.values) if found else {"class": " ".join([name.lower(), *title.split()])}
    token.map = [start, start + 1]
    return f"{kind}_close"


def _title(state: BlockState, start: int, title: str) -> None:
    state.push("admonition_title_open", "p", 1).map = [start, start + 1]
    inline = state.push("inline", "", 0)
    inline.content = title
    inline.map = [start, start + 1]
    inline.children = []
    state.push("admonition_title_close", "p", -1)


def _report(state: BlockState, start: int, opening: re.Match[str]) -> None:
    sheet = sheet_of(state.env)
    column = state.bMarks[start] + state.tShift[start] - state.starts[start]
    message = f"nothing closes this container: `{opening[0].strip()}`"
    sheet.report(
        sheet.places.spot(start, column), "container", message, "close it with a line of `:::`", width=len(opening[0])
    )
