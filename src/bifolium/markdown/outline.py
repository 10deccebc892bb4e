"""A text's headings, and the nested list that is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from bifolium.markdown.parser import Parser
from bifolium.markdown.plain import plain
from bifolium.markdown.sheet import Env
from bifolium.model import Heading

_LEFT_OUT = frozenset(
    (
        "link_open",
        "liquid_link",
        "link_close",
        "image",
        "html_inline",
        "footnote_ref",
        "label_open",
        "label_close",
        "task",
        "more",
    )
)


def outline_of(parser: Parser, tokens: Sequence[Token], env: Env) -> tuple[Heading, ...]:
    """Return the headings that have an id, but for those of the class `no_toc`; their formulas share their markers."""
    return tuple(
        Heading(
            int(opening.tag[1]),
            str(opening.attrs["id"]),
            parser.renderer.renderInline(_linkable(inline.children), parser.options, env).strip(),
            plain(inline.children).strip(),
        )
        for opening, inline in pairwise(tokens)
        if opening.type == "heading_open" and opening.attrs.get("id") and not _is_hidden(opening)
    )


def toc_html(outline: Sequence[Heading], tag: str = "ul") -> str:
    """Return the headings as a nested list of links, or nothing if there are none; `tag` is that of the lists.

    Nesting is relative, as in kramdown: a heading stands in the nearest one before it of a lesser level.
    """
    out: list[str] = []
    levels: list[int] = []
    for heading in outline:
        deeper = not levels or levels[-1] < heading.level
        while levels and levels[-1] >= heading.level:
            levels.pop()
            out.append("</li>" if not levels or levels[-1] < heading.level else f"</li></{tag}>")
        if deeper:
            out.append(f"<{tag}>")
        levels.append(heading.level)
        out.append(f'<li><a href="#{escapeHtml(heading.id)}">{heading.html}</a>')
    out.append(f"</li></{tag}>" * len(levels))
    return "".join(out)


def _linkable(children: Sequence[Token] | None) -> list[Token]:
    kept = (child for child in children or () if child.type not in _LEFT_OUT)
    return [_unlinked(child) if child.type == "reference" else child for child in kept]


def _unlinked(reference: Token) -> Token:
    return reference.copy(meta={**reference.meta, "linked": False})


def _is_hidden(opening: Token) -> bool:
    return "no_toc" in str(opening.attrs.get("class", "")).split()
