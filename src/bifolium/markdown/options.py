"""What decides how a text is read, as a small value: it is part of the key under which a Body is remembered."""

from __future__ import annotations

from typing import Literal, NamedTuple

from bifolium.settings import Markdown, Math


class MarkdownOptions(NamedTuple):
    """The settings that a Body depends on. `dollars` and `brackets` are off wherever `math` is."""

    flavour: Literal["commonmark", "kramdown"] = "commonmark"
    nesting: int = 100
    raw_html: bool = True
    heading_ids: bool = True
    math: bool = True
    dollars: bool = True
    brackets: bool = True


def markdown_options(markdown: Markdown, math: Math, *, wanted: bool = True) -> MarkdownOptions:
    """Return the options of a post; `wanted` is the card's own switch for formulas."""
    on = math.enabled and wanted
    return MarkdownOptions(
        flavour=markdown.flavour,
        nesting=markdown.nesting,
        raw_html=markdown.raw_html,
        heading_ids=markdown.heading_ids,
        math=on,
        dollars=on and math.dollars,
        brackets=on and math.brackets,
    )
