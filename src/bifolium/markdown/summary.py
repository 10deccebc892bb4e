"""The beginning of a text, for lists and feeds: what stands before `<!--more-->`, else the first paragraph.

A very long paragraph is cut after a sentence: text between tags is only ever cut where no tag is open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from markdown_it.token import Token

from bifolium.markdown.plain import plain
from bifolium.problems import cells

_SENTENCE_END = re.compile(r"[。！？｡]+[”’」』）)]*|[.!?]+[”’\"')]*(?=\s+[^\sa-z])")
_LEFT_OUT = frozenset(
    (
        "footnote_ref",
        "image",
        "html_inline",
        "html_block",
        "fence",
        "code_block",
        "toc",
        "task",
        "label_open",
        "label_close",
    )
)


def summary_of(tokens: Sequence[Token], longest: int) -> list[Token]:
    """Return the summary's tokens: without footnotes, pictures, code, raw HTML and ids; every tag is closed.

    Without `<!--more-->` it takes `longest` cells (an East Asian character takes two), if a sentence ends before.
    """
    cut = next((i for i, token in enumerate(tokens) if _has_more(token)), None)
    if cut is not None:
        return [_bare(token) for token in _before_more(tokens, cut) if token.type not in _LEFT_OUT]
    return [_shortened(_bare(token), longest) for token in _first_paragraph(tokens)]


def _shortened(token: Token, longest: int) -> Token:
    """Return `token` up to the last sentence that ends within `longest` cells; if none does, up to the first."""
    children = token.children or ()
    if cells(plain(children)) <= longest:
        return token
    ends = list(_sentence_ends(children))
    if not ends:
        return token
    number, at, _ = max((end for end in ends if end[2] <= longest), default=ends[0])
    return token.copy(children=[*children[:number], children[number].copy(content=children[number].content[:at])])


def _sentence_ends(children: Sequence[Token]) -> Iterator[tuple[int, int, int]]:
    """Yield where sentences end outside of all tags: the child's number, the offset in it, the cells up to there."""
    before = 0
    for number, child in enumerate(children):
        if child.type == "text" and child.level == 0:
            for end in _SENTENCE_END.finditer(child.content):
                yield number, end.end(), before + cells(child.content[: end.end()])
        before += cells(plain([child]))


def _has_more(token: Token) -> bool:
    return token.type == "more" or any(child.type == "more" for child in token.children or ())


def _before_more(tokens: Sequence[Token], cut: int) -> list[Token]:
    if tokens[cut].type == "more":
        return _closed(tokens[:cut])
    children = tokens[cut].children or []
    end = next(i for i, child in enumerate(children) if child.type == "more")
    return _closed([*tokens[:cut], tokens[cut].copy(children=_closed(children[:end]))])


def _closed(tokens: Iterable[Token]) -> list[Token]:
    """Return `tokens` with closing ones for those that are still open at the end."""
    out: list[Token] = []
    openers: list[Token] = []
    for token in tokens:
        out.append(token)
        if token.nesting == 1:
            openers.append(token)
        elif token.nesting == -1 and openers:
            openers.pop()
    return out + [opener.copy(nesting=-1, type=opener.type.replace("_open", "_close")) for opener in reversed(openers)]


def _first_paragraph(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return the first paragraph that says something, not being in a list, quote or footnote if that can be had."""
    end = next((i for i, token in enumerate(tokens) if token.type == "footnotes_open"), len(tokens))
    found = [
        i
        for i, token in enumerate(tokens[:end])
        if token.type == "paragraph_open" and not token.hidden and plain(_words(tokens[i + 1])).strip()
    ]
    first = next((i for i in found if tokens[i].level == 0), found[0] if found else None)
    return () if first is None else tokens[first : first + 3]


def _words(inline: Token) -> list[Token]:
    return [child for child in inline.children or () if child.type not in _LEFT_OUT]


def _bare(token: Token) -> Token:
    """Return `token` without its ids and without what a summary leaves out."""
    if token.type == "inline":
        return token.copy(children=[_bare(child) for child in _words(token)])
    if "anchors" in token.meta:
        token = token.copy(meta={name: value for name, value in token.meta.items() if name != "anchors"})
    if "id" in token.attrs:
        return token.copy(attrs={name: value for name, value in token.attrs.items() if name != "id"})
    return token
