"""Subscripts and superscripts: `H~2~O`, `x^2^`. They hold no blanks, unless after a backslash (pandoc's rule)."""

from __future__ import annotations

import re
from functools import partial

from markdown_it.rules_inline import StateInline

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser

_SUB = re.compile(r"~((?:\\[^\n]|[^\s~\\]){1,200})~(?!~)")
_SUP = re.compile(r"\^(?=[^\s^]*[^\W_])((?:\\[^\n]|[^\s^\\]){1,200})\^")
_ESCAPED = re.compile(r"\\([^\w\n]|_)")


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add both, if they are wanted."""
    if options.scripts:
        md.inline.add("sub", partial(_script, pattern=_SUB, tag="sub"), "~", "strikethrough")
        md.inline.add("sup", partial(_script, pattern=_SUP, tag="sup"), "^", "escape")


def _script(state: StateInline, silent: bool, pattern: re.Pattern[str], tag: str) -> bool:
    found = pattern.match(state.src, state.pos, state.posMax)
    if not found or (state.pos and state.src[state.pos - 1] == state.src[state.pos]):
        return False
    if not silent:
        state.push(f"{tag}_open", tag, 1)
        state.push("text", "", 0).content = _ESCAPED.sub(r"\1", found[1])
        state.push(f"{tag}_close", tag, -1)
    state.pos = found.end()
    return True
