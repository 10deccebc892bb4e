"""Link targets stay symbolic: they are resolved against the whole site at layout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.sheet import Env, holes_of
from bifolium.model import Link


def use(md: Parser, _: MarkdownOptions) -> None:
    """Write links with a marker for their target."""
    md.add_render_rule("link_open", _write)


def _write(_: Any, tokens: Sequence[Token], idx: int, __: Any, env: Env) -> str:
    token = tokens[idx]
    href = holes_of(env).link(Link(str(token.attrs["href"]), *token.meta.get("place", (0, 0))))
    others = "".join(f' {name}="{escapeHtml(str(value))}"' for name, value in token.attrs.items() if name != "href")
    return f'<a href="{href}"{others}>'
