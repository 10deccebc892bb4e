"""Emoji by name: `:rocket:`. The names are those that Rich knows, GitHub's among them."""

from __future__ import annotations

import re

from markdown_it.rules_inline import StateInline

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser

_NAME = re.compile(r":([a-z0-9_+-]{1,60}):(?!\w)")


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add emoji, if they are wanted."""
    if options.emoji:
        md.inline.add("emoji", _emoji, ":", "escape")


def _emoji(state: StateInline, silent: bool) -> bool:
    found = _NAME.match(state.src, state.pos, state.posMax)
    if not found or (state.pos and state.src[state.pos - 1].isalnum()):
        return False
    from rich.emoji import Emoji, NoEmoji  # 20 ms, for those who want it

    try:
        character = str(Emoji(found[1]))
    except NoEmoji:
        return False
    if not silent:
        state.append_pending(character)
    state.pos = found.end()
    return True
