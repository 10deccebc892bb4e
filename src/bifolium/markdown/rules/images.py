"""Pictures: a marker stands for the whole element, which needs the picture's file. A lone one becomes a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.plain import plain
from bifolium.markdown.sheet import Env, holes_of
from bifolium.model import Image


def use(md: Parser, _: MarkdownOptions) -> None:
    """Write pictures as markers, and take those that are all of their paragraph out of it."""
    md.core.ruler.push("figures", _unwrap)
    md.add_render_rule("image", _write)


def _unwrap(state: StateCore) -> None:
    tokens = state.tokens
    for before, inline, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if before.type == "paragraph_open" and inline.children and len(inline.children) == 1:
            image = inline.children[0]
            if image.type == "image":
                image.meta["lone"] = True
                image.attrs.update(before.attrs)
                before.hidden = after.hidden = True


def _write(_: Any, tokens: Sequence[Token], idx: int, __: Any, env: Env) -> str:
    token = tokens[idx]
    attributes = tuple((name, str(value)) for name, value in token.attrs.items() if name not in {"src", "alt", "title"})
    lone = bool(token.meta.get("lone"))
    line, column = token.meta.get("place", (0, 0))
    image = Image(
        str(token.attrs["src"]),
        plain(token.children),
        str(token.attrs.get("title", "")),
        attributes,
        lone,
        line,
        column,
        token.meta.get("width", 1),
    )
    return holes_of(env).image(image)
