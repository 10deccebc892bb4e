"""Markdown: a text becomes a Body, a function of the text and its options alone.

What needs the rest of the site or a slow engine stands in the HTML as numbered markers (model/).
The dialect's rules are in rules/, one to a file; dialect.py lists them.
"""

from bifolium.markdown.body import EMBLEMS, render, unread
from bifolium.markdown.diagrams import has_diagram
from bifolium.markdown.ids import find_ids
from bifolium.markdown.lines import blocks, line_of
from bifolium.markdown.liquid import Liquid, gather, includes
from bifolium.markdown.options import MarkdownOptions, markdown_options
from bifolium.markdown.outline import toc_html
from bifolium.markdown.portable import portable
from bifolium.markdown.titles import is_plain, plain_title, title_fragment

__all__ = [
    "EMBLEMS",
    "Liquid",
    "MarkdownOptions",
    "blocks",
    "find_ids",
    "gather",
    "has_diagram",
    "includes",
    "is_plain",
    "line_of",
    "markdown_options",
    "plain_title",
    "portable",
    "render",
    "title_fragment",
    "toc_html",
    "unread",
]
