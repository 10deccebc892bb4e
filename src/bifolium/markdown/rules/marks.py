"""Marked text: `==high water==`. It nests with emphasis as strikethrough does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser

_SIGN: Final = "="


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add marked text, if it is wanted."""
    if options.mark:
        md.inline.add("mark", _delimit, _SIGN, "escape")
        md.inline.ruler2.before("emphasis", "mark", _pair)


def _delimit(state: StateInline, silent: bool) -> bool:
    """Note a `==` that may open or close; `a == b` and `===` do neither."""
    if silent or not state.src.startswith(_SIGN, state.pos):
        return False
    run = state.scanDelims(state.pos, True)
    token = state.push("text", "", 0)
    token.content = _SIGN * run.length
    if run.length == len("=="):
        state.delimiters.append(
            Delimiter(ord(_SIGN), 0, len(state.tokens) - 1, -1, open=run.can_open, close=run.can_close)
        )
    state.pos += run.length
    return True


def _pair(state: StateInline) -> None:
    _open_and_close(state, state.delimiters)
    for meta in state.tokens_meta:
        if meta:
            _open_and_close(state, meta.get("delimiters", ()))


def _open_and_close(state: StateInline, delimiters: Sequence[Delimiter]) -> None:
    for opener in delimiters:
        if opener.marker != ord(_SIGN) or opener.end == -1:
            continue
        for number, kind, nesting in ((opener.token, "open", 1), (delimiters[opener.end].token, "close", -1)):
            token = state.tokens[number]
            token.type, token.tag, token.nesting = f"mark_{kind}", "mark", nesting  # type: ignore[assignment]
            token.content = ""
