"""What raw HTML refers to is resolved and checked as Markdown's links are: `<img src>`, `<a href>` and so on.

Only the addresses of whole tags are touched; comments, scripts and styles, and addresses of other sites, stay
as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bifolium.markdown.attributes import with_attributes
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.places import InlinePlaces
from bifolium.markdown.rules import raw_pictures
from bifolium.markdown.sheet import Env, holes_of, sheet_of
from bifolium.markdown.tags import addresses, attributes
from bifolium.model import Link

_BREAK = re.compile(r"[\t\n]")
"""What browsers leave out of an address: https://url.spec.whatwg.org/#concept-basic-url-parser."""
_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|\{[{%]")
_HOLE = re.compile("\x02H([0-9]+)\x03")


class Reference(NamedTuple):
    """An address in raw HTML: its text is `html[start:end]`; `is_bare`: it has no quotes around it."""

    start: int
    end: int
    embeds: bool
    is_bare: bool


def use(md: Parser, _: MarkdownOptions) -> None:
    """Put markers in the addresses, and write these as links."""
    md.core.ruler.before("text_join", "raw_links", _find)
    md.add_render_rule("html_block", _write)
    md.add_render_rule("html_inline", _write)


def references(html: str) -> Iterator[Reference]:
    """Yield the addresses of this site in `html`, in their order."""
    for attribute in attributes(html):
        embeds = attribute.name != "href" or attribute.tag == "link"
        for start, end in addresses(html, attribute):
            if not _ELSEWHERE.match(html, start, end):
                yield Reference(start, end, embeds, attribute.is_bare)


def _find(state: StateCore) -> None:
    sheet = sheet_of(state.env)
    for token in state.tokens:
        if token.type == "html_block":
            of_block = sheet.places.of(token)
            for part in token.children or [token]:
                _mark(part, of_block, part.meta.get("at", 0), state.md)
        elif token.type == "inline" and token.children:
            raw = [child for child in token.children if child.type == "html_inline" and "=" in child.content]
            places = sheet.places.of(token) if raw else None
            for child in raw:
                assert places
                _mark(child, places, child.meta.get("at", 0), state.md)
            if raw:
                raw_pictures.pair(token.children)


def _mark(token: Token, places: InlinePlaces, offset: int, md: MarkdownIt) -> None:
    """Put a marker in place of each address of `token`, which stands at `offset` in its paragraph."""
    if token.type.startswith("formula"):
        return
    out: list[str] = []
    links: list[Link] = []
    html, done = token.content, 0
    for start, end, embeds, is_bare in references(html):
        marker = f"\x02H{len(links)}\x03"
        target = md.normalizeLink(unescape(_BREAK.sub("", html[start:end])))
        in_snippet = token.meta.get("pinned") is True
        spot: tuple[int, int] = token.meta["place"] if in_snippet else places.spot(offset + start)
        links.append(Link(target, *spot, embeds, end - start))
        out += [html[done:start], f'"{marker}"' if is_bare else marker]
        done = end
    if links:
        token.content = "".join([*out, html[done:]])
        token.meta["links"] = links


def _write(_: Any, tokens: Sequence[Token], idx: int, __: Any, env: Env) -> str:
    holes = holes_of(env)
    parts = tokens[idx].children or [tokens[idx]]
    return "".join(holes.formula(part) if part.type.startswith("formula") else _filled(part, env) for part in parts)


def _filled(token: Token, env: Env) -> str:
    html = with_attributes(token.content, token) if token.attrs else token.content
    links: list[Link] = token.meta.get("links", [])
    beyond: Link | None = token.meta.get("beyond")
    if not links and not beyond:
        return html
    whole = raw_pictures.completed(html, links, holes_of(env), beyond)
    return _HOLE.sub(lambda hole: holes_of(env).link(links[int(hole[1])]), whole)
