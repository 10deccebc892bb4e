"""A finished text for readers elsewhere, such as those of a feed: its addresses whole, and no ids of its own.

Ids would repeat among the texts of a feed; what led to them leads to the text's page.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape, unescape
from urllib.parse import urljoin

from bifolium.markdown.tags import Span, addresses, attributes

Change = tuple[Span, str]
_LED_TO = frozenset(("action", "cite", "formaction"))
"""Attributes with addresses that no link or picture has: a form may well be answered where the site has no page."""


def portable(html: str, page: str) -> str:
    """Return `html`, which stands at the whole address `page`, as it can stand anywhere."""
    out, done = [], 0
    for (start, end), new in _changes(html, page):
        out += [html[done:start], new]
        done = end
    return "".join([*out, html[done:]])


def _changes(html: str, page: str) -> Iterator[Change]:
    for attribute in attributes(html):
        if attribute.name == "id":
            end = attribute.whole[1]
            yield attribute.whole, "" if html[end] in " \t\n/>" else " "
        others = [attribute.value] if attribute.name in _LED_TO else []
        for start, end in addresses(html, attribute) or others:
            whole = escape(_joined(page, unescape(html[start:end])))
            yield (start, end), f'"{whole}"' if attribute.is_bare else whole


def _joined(page: str, address: str) -> str:
    try:
        return urljoin(page, address)
    except ValueError:  # such as http://[::1
        return address
