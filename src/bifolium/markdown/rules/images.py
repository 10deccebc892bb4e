"""Pictures: a marker stands for the whole element, which needs the picture's file. A lone one becomes a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.plain import spoken
from bifolium.markdown.sheet import Env, holes_of
from bifolium.markdown.titles import marked, plain_title
from bifolium.model import Image


def use(md: Parser, options: MarkdownOptions) -> None:
    """Write pictures as markers, and take those that are all of their paragraph out of it."""

    def write(_: Any, tokens: Sequence[Token], idx: int, __: Any, env: Env) -> str:
        return _write(tokens[idx], options, env)

    md.core.ruler.push("figures", _unwrap)
    md.add_render_rule("image", write)


def _unwrap(state: StateCore) -> None:
    tokens = state.tokens
    for before, inline, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if before.type == "paragraph_open" and inline.children and len(inline.children) == 1:
            image = inline.children[0]
            if image.type == "image":
                image.meta["lone"] = True
                image.attrs.update(before.attrs)
                before.hidden = after.hidden = True


def _write(token: Token, options: MarkdownOptions, env: Env) -> str:
    attributes = tuple((name, str(value)) for name, value in token.attrs.items() if name not in {"src", "alt", "title"})
    lone = bool(token.meta.get("lone"))
    title = str(token.attrs.get("title", ""))
    line, column = token.meta.get("place", (0, 0))

    def hole(tex: str) -> str:
        return holes_of(env).formula(Token("formula", "", 0, content=tex, meta={"place": (line, column)}))

    image = Image(
        str(token.attrs["src"]),
        spoken(token.children),
        title if lone else plain_title(title, options),
        attributes,
        lone,
        line,
        column,
        token.meta.get("width", 1),
        number=token.meta.get("number", ""),
        caption=marked(title, options, hole) if lone else "",
    )
    return holes_of(env).image(image)
