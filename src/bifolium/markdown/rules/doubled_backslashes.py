r"""Formulas as blogs of Jekyll have them for MathJax, `\\(x\\)` and `\\[x\\]`: kramdown takes a backslash of two away.

And it does so with all signs that can be escaped: `\\{a\\}` is `\{a\}` in TeX, `\_` is `_`.
https://kramdown.gettalong.org/syntax.html#automatic-and-manual-escaping
"""

from __future__ import annotations

import re

from markdown_it.rules_inline import StateInline

from bifolium.markdown.inlines import InlineState
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser

_ESCAPED = re.compile(r"""(?!\\\\\n)((?:\\\\)*)(?:\\([.*_+`<>()\[\]{}#!:|"'$=-]))?""")


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add the rule, where kramdown is the flavour."""
    if options.flavour == "kramdown" and options.brackets:
        md.inline.add("formula_backslashes", _inline, "\\", "escape")


def _inline(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith((r"\\(", r"\\["), state.pos):
        return False
    assert isinstance(state, InlineState)
    span = state.formulas.backslashed(state.pos, state.posMax)
    if span is None:
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content = _ESCAPED.sub(_unescaped, state.src[span.start : span.stop])
        token.markup = state.src[state.pos + 1 : state.pos + 3]
        token.meta["at"] = span.start
    state.pos = span.end
    return True


def _unescaped(found: re.Match[str]) -> str:
    """Return what TeX sees, behind a blank for each backslash that goes: what follows keeps its column."""
    left, sign = found[1][: len(found[1]) // 2], found[2] or ""
    return " " * (len(found[0]) - len(left + sign)) + left + sign
