"""Pictures: a marker stands for the whole element, which needs the picture's file. A lone one becomes a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markdown_it.common import normalize_url
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.plain import spoken
from bifolium.markdown.sheet import Env, holes_of
from bifolium.markdown.titles import marked, plain_title
from bifolium.model import Image, Link


def use(md: Parser, options: MarkdownOptions) -> None:
    """Write pictures as markers, and take those that are all of their paragraph out of it."""

    def write(_: Any, tokens: Sequence[Token], idx: int, __: Any, env: Env) -> str:
        link = tokens[idx].meta.get("link")
        return _write(tokens[idx], options, env, md.renderer.render([link], md.options, env) if link else "")

    md.core.ruler.push("linked_pictures", _mark_linked)
    md.core.ruler.push("figures", _unwrap)
    md.add_render_rule("image", write)


def _unwrap(state: StateCore) -> None:
    tokens = state.tokens
    for before, inline, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if before.type == "paragraph_open" and is_picture(inline.children or []):
            inline.children = [image := figure(inline.children or [])]
            image.attrs.update(before.attrs)
            before.hidden = after.hidden = True


def is_picture(children: Sequence[Token]) -> bool:
    """Tell whether a text is a picture, perhaps in a link, and nothing else."""
    return [child.type for child in children] in (["image"], ["link_open", "image", "link_close"])


def figure(children: Sequence[Token], beside: int = 1) -> Token:
    """Return the picture of such a text as a figure in a row of so many, with the link that is around it."""
    image = children[len(children) // 2]
    image.meta |= {"lone": True, "beside": beside}
    if len(children) > 1:
        image.meta["link"] = children[0]
    return image


def _mark_linked(state: StateCore) -> None:
    """Note which pictures are in links."""
    for inline in state.tokens:
        inside = 0
        for child in inline.children or ():
            inside += child.nesting if child.type in {"link_open", "link_close"} else 0
            if child.type == "image" and inside:
                child.meta["linked"] = True


def _write(token: Token, options: MarkdownOptions, env: Env, link: str) -> str:
    others = {name: str(value) for name, value in token.attrs.items() if name not in {"src", "alt", "title"}}
    lone = bool(token.meta.get("lone"))
    title = str(token.attrs.get("title", ""))
    line, column = token.meta.get("place", (0, 0))

    if "poster" in others:
        width = token.meta.get("width", 1)
        others["poster"] = holes_of(env).link(
            Link(normalize_url.normalizeLink(others["poster"]), line, column, embeds=True, width=width)
        )

    def hole(tex: str) -> str:
        return holes_of(env).formula(Token("formula", "", 0, content=tex, meta={"place": (line, column)}))

    image = Image(
        str(token.attrs["src"]),
        spoken(token.children) or str(token.attrs.get("alt", "")),
        title if lone else plain_title(title, options),
        tuple(others.items()),
        lone,
        line,
        column,
        token.meta.get("width", 1),
        number=token.meta.get("number", ""),
        caption=marked(title, options, hole) if lone else "",
        link=link,
        linked=bool(token.meta.get("linked")),
        beside=token.meta.get("beside", 1),
    )
    return holes_of(env).image(image)
