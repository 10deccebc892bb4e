r"""`\[…\]` is displayed also in the middle of a paragraph, as in LaTeX: the paragraph is taken apart there.

So is `$$…$$` with what TeX can't set in a line of text, such as `\tag`. In emphasis, a link, a heading or an item that
is no paragraph it can't be, and stays in its line.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser

_AS_BLOCK: Final = {"formula": "formula_block", "html_inline": "html_block"}


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add the rule, when all else is read."""
    if options.math:
        md.core.ruler.push("displayed", _display)


def _display(state: StateCore) -> None:
    state.tokens = taken_apart(state.tokens, _is_displayed)


def _is_displayed(child: Token) -> bool:
    return child.type == "formula" and child.markup == "\\["


def taken_apart(tokens: list[Token], is_block: Callable[[Token], bool]) -> list[Token]:
    """Return `tokens` with each paragraph taken apart where `is_block` tells that something can't stand in it."""
    kept: list[Token] = []
    ends = False
    for token in tokens:
        if token.type == "paragraph_close" and ends:
            ends = False
        elif token.type == "inline" and _is_to_split(token, is_block) and _is_paragraph(kept[-1]):
            kept += _parts(kept.pop(), token, is_block)
            ends = kept[-1].type != "inline"
        else:
            kept.append(token)
    return kept


def _is_to_split(inline: Token, is_block: Callable[[Token], bool]) -> bool:
    return any(child.level == 0 and is_block(child) for child in inline.children or ())


def _is_paragraph(opening: Token) -> bool:
    return opening.type == "paragraph_open" and not opening.hidden


def _parts(opening: Token, inline: Token, is_block: Callable[[Token], bool]) -> list[Token]:
    """Return a paragraph's parts and the blocks between; where its last part ends, its own closing tag follows."""
    closing = opening.copy(type="paragraph_close", nesting=-1, attrs={})
    out: list[Token] = []
    part: list[Token] = []
    for child in inline.children or ():
        if child.level or not is_block(child):
            part.append(child)
            continue
        if part := _trimmed(part):
            out += [opening, inline.copy(children=part), closing]
        out.append(child.copy(type=_AS_BLOCK[child.type], block=True))
        part = []
    if part := _trimmed(part):
        out += [opening, inline.copy(children=part)]
    return out


def _trimmed(part: list[Token]) -> list[Token]:
    """Return `part` without line breaks and blanks at its ends."""
    start, end = 0, len(part)
    while start < end and _is_blank(part[start]):
        start += 1
    while start < end and _is_blank(part[end - 1]):
        end -= 1
    part = part[start:end]
    if part and part[0].type == "text":
        part[0] = part[0].copy(content=part[0].content.lstrip())
    if part and part[-1].type == "text":
        part[-1] = part[-1].copy(content=part[-1].content.rstrip())
    return part


def _is_blank(token: Token) -> bool:
    return token.type in {"softbreak", "hardbreak"} or (token.type == "text" and not token.content.strip())
