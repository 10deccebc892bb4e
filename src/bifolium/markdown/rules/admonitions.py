"""Admonitions in both spellings, `!!! note "Title"` and `> [!NOTE]`; `??? note` can be folded.

Read by mdit-py-plugins and markdown-it; here they become the same HTML.
"""

from __future__ import annotations

import re
from typing import Any

from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.admon.index import admonition

from bifolium.markdown.blocks import INTERRUPTS, BlockState
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser

_LINE = re.compile(r'(?:!!!|\?\?\?\+?)[ \t]+[A-Za-z][\w-]*(?:[ \t]+[A-Za-z][\w-]*)*(?:[ \t]+"[^"]*")?[ \t]*')


def use(md: Parser, _: MarkdownOptions) -> None:
    """Add both spellings."""
    md.options["alerts"] = True
    md.block.add("admonition", _block, "fence", starts="!?", ends=INTERRUPTS, contains=True)
    md.core.ruler.push("admonitions", _alike)


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    assert isinstance(state, BlockState)
    return bool(_LINE.fullmatch(state.text(start))) and admonition(state, start, end, silent)


def _alike(state: StateCore) -> None:
    folded: list[bool] = []
    for token in state.tokens:
        kind, _, part = token.type.rpartition("_")
        if kind in {"alert", "admonition"} and part == "open":
            folded.append(token.markup.startswith("???"))
            token.attrs = _attributes(token)
        if kind in {"alert", "admonition"} and folded[-1]:
            token.tag = "details"
        if kind in {"alert_title", "admonition_title"}:
            token.tag = "summary" if folded[-1] else "p"
            token.block = True
            token.attrs = {"class": "admonition-title"} if part == "open" else {}
        if kind in {"alert", "admonition"} and part == "close":
            folded.pop()


def _attributes(token: Token) -> dict[str, Any]:
    kinds = token.info.lower() if token.type == "alert_open" else re.sub(r'"[^"]*"', "", token.info).lower()
    attributes: dict[str, Any] = {"class": " ".join(["admonition", *kinds.split()])}
    if token.markup == "???+":
        attributes["open"] = ""
    return attributes
