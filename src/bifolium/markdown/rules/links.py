"""Link targets stay symbolic: they are resolved against the whole site at layout."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.sheet import Env, holes_of, sheet_of
from bifolium.model import Link

_SCHEMES = frozenset(("http", "https", "mailto", "tel"))
_OPENING, _CLOSING, _STOP = (quote(char) for char in "（）。")

_ELSEWHERE = re.compile(r"(?:https?:)?//", re.IGNORECASE)


def use(md: Parser, options: MarkdownOptions) -> None:
    """Write links with a marker for their target, if it has a scheme that can't run a program."""
    md.schemes = _SCHEMES
    md.core.ruler.before("text_join", "link_ends", _check_ends)
    if options.external:
        md.core.ruler.before(
            "text_join", "external_links", partial(_dress, attributes=dict(options.external), home=options.home)
        )
    md.add_render_rule("link_open", _write)


def _check_ends(state: StateCore) -> None:
    """Warn of `[a](b）…)`: the target would swallow the text up to the next real bracket."""
    sheet = sheet_of(state.env)
    for token in _links(state):
        if token.markup != "linkify" and _is_swallowing(str(token.attrs["href"])):
            message = "this link's target goes on through full-width punctuation"
            hint = "end it with `)` instead of `）`"
            sheet.report(token.meta["place"], "link-target", message, hint, width=token.meta["width"])


def _is_swallowing(href: str) -> bool:
    return href.count(_CLOSING) > href.count(_OPENING) or _STOP in href


def _dress(state: StateCore, attributes: Mapping[str, str], home: str) -> None:
    """Give links to other sites than that at `home` their attributes; an author's own ones win."""
    for token in _links(state):
        href = str(token.attrs["href"])
        if _ELSEWHERE.match(href) and not (home and _is_at(home, href)):
            token.attrs = {**attributes, **token.attrs}


def _is_at(home: str, href: str) -> bool:
    bare = href[href.index("//") :]
    return bare.startswith(home) and bare[len(home) : len(home) + 1] in {"", "/", "?", "#"}


def _links(state: StateCore) -> Iterator[Token]:
    """Yield the opening tokens of all links."""
    for inline in state.tokens:
        for token in inline.children or ():
            if token.type == "link_open":
                yield token


def _write(_: Any, tokens: Sequence[Token], idx: int, __: Any, env: Env) -> str:
    token = tokens[idx]
    line, column = token.meta.get("place", (0, 0))
    href = holes_of(env).link(Link(str(token.attrs["href"]), line, column, width=token.meta.get("width", 1)))
    others = "".join(f' {name}="{escapeHtml(str(value))}"' for name, value in token.attrs.items() if name != "href")
    return f'<a href="{href}"{others}>'
