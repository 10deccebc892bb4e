r"""`\[…\]` is displayed also in the middle of a paragraph, as in LaTeX: the paragraph is taken apart there.

So is `$$…$$` with what TeX can't set in a line of text, such as `\tag`.
In emphasis, a link, a heading or a tight list's item it can't be, and stays in its line.
"""

from __future__ import annotations

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add the rule, when all else is read."""
    if options.math:
        md.core.ruler.push("displayed", _take_apart)


def _take_apart(state: StateCore) -> None:
    if not any(_is_to_split(token) for token in state.tokens):
        return
    kept: list[Token] = []
    for token in state.tokens:
        if _is_to_split(token) and kept[-1].type == "paragraph_open" and not kept[-1].hidden:
            kept.extend(_split(kept.pop(), token))
        elif token.type != "paragraph_close" or kept[-1].type != "formula_block":
            kept.append(token)
    state.tokens = kept


def _is_to_split(token: Token) -> bool:
    return token.type == "inline" and any(_is_displayed(child) for child in token.children or ())


def _is_displayed(child: Token) -> bool:
    return child.type == "formula" and child.markup == "\\[" and child.level == 0


def _split(opening: Token, inline: Token) -> list[Token]:
    """Return the paragraph's parts with the formulas between; after its last part its own closing tag follows."""
    closing = opening.copy(type="paragraph_close", nesting=-1, attrs={})
    out: list[Token] = []
    part: list[Token] = []
    for child in inline.children or ():
        if not _is_displayed(child):
            part.append(child)
            continue
        if part := _trimmed(part):
            out += [opening, inline.copy(children=part), closing]
        out.append(child.copy(type="formula_block", block=True))
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
