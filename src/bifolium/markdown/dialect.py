"""The dialect: which rules there are, in the order in which they are added. Each is a file in rules/."""

from __future__ import annotations

import sys
from functools import lru_cache

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.rules import (
    abbreviations,
    admonitions,
    attributes,
    bare_urls,
    blank_targets,
    captions,
    code,
    containers,
    definitions,
    displayed,
    doubled_backslashes,
    emoji,
    environments,
    extensions,
    footnotes,
    formulas,
    headings,
    html_elements,
    html_formulas,
    images,
    keys,
    kramdown_blocks,
    kramdown_lists,
    labels,
    line_breaks,
    link_titles,
    links,
    liquid,
    liquid_blocks,
    loose_tables,
    looseness,
    marks,
    more,
    paragraphs,
    picture_rows,
    places,
    raw_html,
    raw_links,
    references,
    scripts,
    tables,
    tasks,
    toc,
    unclosed,
    wiki,
)

_RULES = (
    paragraphs, places, tables, loose_tables, code, more, formulas, doubled_backslashes, environments, displayed,
    references, attributes, extensions, captions, toc, headings, definitions, footnotes, containers, admonitions,
    line_breaks, bare_urls, wiki, links, link_titles, blank_targets, raw_links, html_formulas, unclosed, raw_html,
    images, picture_rows, tasks, labels, marks, scripts, keys, emoji, abbreviations, kramdown_blocks, kramdown_lists,
    looseness, html_elements, liquid, liquid_blocks,
)  # fmt: skip


@lru_cache(maxsize=8)
def dialect(options: MarkdownOptions) -> Parser:
    """Return the parser for `options`; it keeps no state between texts."""
    # two frames a container, beside what calls us
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 1000 + 3 * options.nesting))
    parser = Parser(options.nesting, raw_html=options.raw_html)
    parser.enable("strikethrough")
    for rule in _RULES:
        rule.use(parser, options)
    return parser
