"""What begins and ends blocks in kramdown and not in CommonMark, or the reverse.

`1)` is no list; any number may begin one right after a paragraph; `^` alone on a line ends a block and is not shown.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.list import list_block

from bifolium.markdown.blocks import INTERRUPTS, BlockState
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.rules.kramdown_lists import ENDED

_NUMBERED = re.compile(r"\d{1,9}\.[ \t]+[^ \t\n]")
_NUMBER = re.compile(r"\d{1,9}\.[ \t]+")
_NESTED = re.compile(r"[*+-][ \t]+[^ \t\n]|```|~~~")


def use(md: Parser, options: MarkdownOptions) -> None:
    """Replace the rule for lists and add the mark, where kramdown is the flavour."""
    if options.flavour != "kramdown":
        return
    md.block.ruler.at("list", _list, {"alt": ["paragraph", "reference", "blockquote"]})
    md.block.add("end_of_block", _mark, "fence", starts="^", ends=INTERRUPTS)


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    assert isinstance(state, BlockState)
    text = state.text(start)
    if text[0].isdigit() and text.lstrip("0123456789")[:1] != ".":
        return False
    ends_paragraph = silent and state.parentType == "paragraph" and state.sCount[start] >= state.blkIndent
    if ends_paragraph and _NUMBERED.match(text):
        return not state.is_code_block(start)
    if not silent and text[0].isdigit():
        _deepen(state, start, end)
    return list_block(state, start, end, silent)


def _deepen(state: BlockState, start: int, end: int) -> None:
    """Move what two blanks or more put into a numbered item as far in as CommonMark wants it: `1. a`, then `  * b`."""
    base, width, shift, from_ = state.sCount[start], 0, 0, 0
    for line in range(start, end):
        indent = state.sCount[line]
        if state.isEmpty(line):
            continue
        if indent < base:
            break
        if indent < base + 2:
            marker = _NUMBER.match(state.text(line))
            if not marker:
                break
            width, shift = len(marker[0]), 0
        elif width and not shift and indent < base + width and _NESTED.match(state.text(line)):
            shift, from_ = base + width - indent, indent
        if shift and indent >= from_:
            state.sCount[line] += shift


def _mark(state: StateBlock, start: int, _: int, silent: bool) -> bool:
    assert isinstance(state, BlockState)
    if state.text(start).rstrip() != "^" or state.is_code_block(start):
        return False
    if not silent:
        state.env.setdefault(ENDED, set()).add(start)
        state.line = start + 1
    return True
