"""`<!--more-->` ends the summary, and is not part of the text."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from bifolium.markdown.blocks import INTERRUPTS, BlockState
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser

_MORE = re.compile(r"<!--[ \t]*more[ \t]*-->", re.IGNORECASE)


def use(md: Parser, _: MarkdownOptions) -> None:
    """Add the mark, on a line of its own or in a paragraph."""
    md.block.add("more", _line, "fence", starts="<", ends=INTERRUPTS)
    md.inline.add("more", _inline, "<", "autolink")
    md.add_render_rule("more", lambda *_: "")


def _line(state: StateBlock, start: int, _: int, silent: bool) -> bool:
    assert isinstance(state, BlockState)
    if state.is_code_block(start) or not _MORE.fullmatch(state.text(start).rstrip()):
        return False
    if not silent:
        state.push("more", "", 0).map = [start, start + 1]
        state.line = start + 1
    return True


def _inline(state: StateInline, silent: bool) -> bool:
    found = _MORE.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.push("more", "", 0)
    state.pos = found.end()
    return True
