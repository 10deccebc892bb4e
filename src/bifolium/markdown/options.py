"""What decides how a text is read, as a small value: it is part of the key under which a Body is remembered."""

from __future__ import annotations

from typing import Literal, NamedTuple

from bifolium.settings import Markdown, Math


class MarkdownOptions(NamedTuple):
    """The settings that a Body depends on. Whatever reads formulas is off wherever `math` is."""

    flavour: Literal["commonmark", "kramdown"] = "commonmark"
    nesting: int = 100
    raw_html: bool = True
    heading_ids: bool = True
    math: bool = True
    dollars: bool = True
    brackets: bool = True
    double_dollars: bool = True
    environments: bool = True
    fences: bool = True
    in_html: bool = True
    number_all: bool = False
    number_within: int = 0


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
        double_dollars=on and math.double_dollars,
        environments=on and math.environments,
        fences=on and math.fences,
        in_html=on and math.in_html,
        number_all=math.number == "all",
        number_within=math.number_within,
    )
