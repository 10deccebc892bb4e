"""Admonitions in both spellings, `!!! note "Title"` and `> [!NOTE]`; `??? note` can be folded.

Read by mdit-py-plugins and markdown-it; here they become the same HTML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.admon.index import admonition

from bifolium.markdown.blocks import INTERRUPTS, BlockState
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser

_LINE = re.compile(r'(?:!!!|\?\?\?\+?)[ \t]+[A-Za-z][\w-]*(?:[ \t]+[A-Za-z][\w-]*)*(?:[ \t]+"[^"]*")?[ \t]*')


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add both spellings."""
    md.options["alerts"] = True
    md.block.add("admonition", _block, "fence", starts="!?", ends=INTERRUPTS, contains=True)
    md.core.ruler.push("admonitions", partial(_alike, names=dict(options.names)))


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    assert isinstance(state, BlockState)
    return bool(_LINE.fullmatch(state.text(start))) and admonition(state, start, end, silent)


def _alike(state: StateCore, names: Mapping[str, str]) -> None:
    around: list[Token] = []
    for number, token in enumerate(state.tokens):
        kind, _, part = token.type.rpartition("_")
        if kind in {"alert", "admonition"} and part == "open":
            around.append(token)
            token.attrs = _attributes(token)
        folded = bool(around) and around[-1].markup.startswith("???")
        if kind in {"alert", "admonition"} and folded:
            token.tag = "details"
        if kind in {"alert_title", "admonition_title"}:
            token.tag = "summary" if folded else "p"
            token.block = True
            token.attrs = {"class": "admonition-title"} if part == "open" else {}
            if part == "open" and '"' not in around[-1].info:
                _name(state.tokens[number + 1], _kinds(around[-1])[0], names)
        if kind in {"alert", "admonition"} and part == "close":
            around.pop()


def _name(inline: Token, kind: str, names: Mapping[str, str]) -> None:
    """Give an admonition without a title of its own that of its kind, in the text's language."""
    inline.children = [Token("text", "", 0, content=names.get(kind) or kind.title())]


def _kinds(token: Token) -> list[str]:
    """Return what an admonition is, such as `warning`, then its other classes."""
    return re.sub(r'"[^"]*"', "", token.info).lower().split()


def _attributes(token: Token) -> dict[str, Any]:
    attributes: dict[str, Any] = {"class": " ".join(["admonition", *_kinds(token)])}
    if token.markup == "???+":
        attributes["open"] = ""
    return attributes
