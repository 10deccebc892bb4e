"""What decides how a text is read, as a small value: it is part of the key under which a Body is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from bifolium.settings import Math, Settings


class MarkdownOptions(NamedTuple):
    """The settings that a Body depends on. Whatever reads formulas is off wherever `math` is.

    `names` are the titles of admonitions that say none, by kind, in the text's language. `external` are the
    attributes of links to other sites; `home` is this one's address from its `//` on. `summary` is in cells: an East
    Asian character takes two.
    """

    flavour: Literal["commonmark", "kramdown"] = "commonmark"
    nesting: int = 100
    raw_html: bool = True
    heading_ids: bool = True
    math: bool = True
    dollars: bool = True
    brackets: bool = True
    mark: bool = False
    scripts: bool = False
    keys: bool = False
    emoji: bool = False
    wiki: bool = False
    link_titles: bool = False
    external: tuple[tuple[str, str], ...] = ()
    home: str = ""
    summary: int = 600
    names: tuple[tuple[str, str], ...] = ()
    double_dollars: bool = True
    environments: bool = True
    fences: bool = True
    in_html: bool = True
    number_all: bool = False
    number_within: int = 0
    line_numbers: bool = False


def markdown_options(settings: Settings, names: Mapping[str, str], *, wanted: bool = True) -> MarkdownOptions:
    """Return the options of a post; `wanted` is the card's own switch for formulas, `names` those of admonitions."""
    markdown, links = settings.markdown, settings.links
    external = (("rel", links.external_rel), ("target", links.external_target))
    options = MarkdownOptions(
        flavour=markdown.flavour,
        nesting=markdown.nesting,
        raw_html=markdown.raw_html,
        heading_ids=markdown.heading_ids,
        mark=markdown.mark,
        scripts=markdown.scripts,
        keys=markdown.keys,
        emoji=markdown.emoji,
        wiki=links.wiki,
        link_titles=links.titles,
        external=tuple((name, value) for name, value in external if value),
        home=settings.base_url.partition(":")[2].rstrip("/") if any(value for _, value in external) else "",
        summary=settings.lists.summary,
        names=tuple(sorted(names.items())),
        line_numbers=settings.code.line_numbers,
    )
    return _with_formulas(options, settings.math, on=settings.math.enabled and wanted)


def _with_formulas(options: MarkdownOptions, math: Math, *, on: bool) -> MarkdownOptions:
    """Return `options` with what is said about formulas; none is read unless they are `on`."""
    return options._replace(
        math=on,
        dollars=on and math.dollars,
        double_dollars=on and math.double_dollars,
        brackets=on and math.brackets,
        environments=on and math.environments,
        fences=on and math.fences,
        in_html=on and math.in_html,
        number_all=math.number == "all",
        number_within=math.number_within,
    )
