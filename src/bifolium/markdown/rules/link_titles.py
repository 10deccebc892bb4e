"""One titled link from an address that is its paragraph and the title in the next one: how reference lists look.

A title is one line of plain text that ends no sentence of prose: it may end with `？` or `！`, as headlines do, but
not with a full stop, comma or colon (`技术报告：` announces the next address), nor have a full stop inside.
"""

from __future__ import annotations

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bifolium.markdown.attributes import attach
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.problems import cells

LONGEST = 160
"""In cells: an East Asian character takes two. Longer than any headline of the blog that this was made for."""

_PROSE = re.compile(r"。|[.!?]\s+[A-Z]|[.,;:，、；：…]$")


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add the rule, when all else is read, if it is wanted."""
    if options.link_titles:
        md.core.ruler.push("link_titles", _join)


def _join(state: StateCore) -> None:
    kept: list[Token] = []
    at = 0
    while at < len(state.tokens):
        is_paragraph = state.tokens[at].type == "paragraph_open"
        paragraphs = state.tokens[at : at + 6] if is_paragraph else []
        if paragraphs and _is_address(paragraphs) and _is_title(paragraphs):
            kept += _joined(paragraphs)
            at += 6
        else:
            kept.append(state.tokens[at])
            at += 1
    state.tokens = kept


def _is_address(tokens: list[Token]) -> bool:
    """Return whether a paragraph of nothing but a bare address begins here, and another paragraph follows it."""
    kinds = ["paragraph_open", "inline", "paragraph_close"] * 2
    if [token.type for token in tokens] != kinds or any(token.hidden for token in tokens):
        return False
    children = tokens[1].children or []
    return [child.type for child in children] == ["link_open", "text", "link_close"] and children[0].markup == "linkify"


def _is_title(tokens: list[Token]) -> bool:
    children = tokens[4].children or []
    if [child.type for child in children] != ["text"]:
        return False
    title = children[0].content
    return cells(title) <= LONGEST and not _PROSE.search(title)


def _joined(tokens: list[Token]) -> list[Token]:
    opening, address, closing, own, title, _ = tokens
    link, _, end = address.children or []
    attach(opening, {"class": "reference", **{name: str(value) for name, value in own.attrs.items()}})
    return [opening, address.copy(children=[link, *(title.children or []), end]), closing]
