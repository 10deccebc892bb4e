"""The table of contents in its place: `[TOC]`, or kramdown's list that `{:toc}` replaces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from markdown_it.common.utils import escapeHtml
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bifolium.markdown.blocks import BlockState
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser

HERE: Final = {"ul": "\x02T\x03", "ol": "\x02N\x03"}
"""What stands for the table until all headings are written, by the list that it will be."""

_SPELLINGS = frozenset(("[TOC]", "[toc]", "[[TOC]]", "[[toc]]"))


def use(md: Parser, _: MarkdownOptions) -> None:
    """Add both spellings."""
    md.block.add("toc", _line, "reference", starts="[")
    md.core.ruler.before("inline", "toc", _replace_lists)
    md.add_render_rule("toc", _write)


def _line(state: StateBlock, start: int, _: int, silent: bool) -> bool:
    assert isinstance(state, BlockState)
    if state.text(start).strip() not in _SPELLINGS:
        return False
    if start + 1 < state.lineMax and not state.isEmpty(start + 1):
        return False
    if not silent:
        state.push("toc", "ul", 0).map = [start, start + 1]
        state.line = start + 1
    return True


def _replace_lists(state: StateCore) -> None:
    if not any(token.meta.get("toc") for token in state.tokens):
        return
    kept: list[Token] = []
    level = -1
    for token in state.tokens:
        if level >= 0:
            if token.level == level and token.nesting == -1:
                level = -1
        elif token.meta.get("toc") and token.tag in {"ul", "ol"}:
            attrs: dict[str, str | int | float] = {"class": f"toc {token.attrs.get('class', '')}".rstrip()}
            kept.append(Token("toc", token.tag, 0, attrs, token.map, token.level, block=True))
            level = token.level
        else:
            kept.append(token)
    state.tokens = kept


def _write(_: Any, tokens: Sequence[Token], idx: int, __: Any, ___: Any) -> str:
    token = tokens[idx]
    return f'<nav class="{escapeHtml(str(token.attrs.get("class", "toc")))}">{HERE[token.tag]}</nav>\n'
