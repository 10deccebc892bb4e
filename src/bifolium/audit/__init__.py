"""Seek what is wrong with a finished site, whoever built it: `audit` is a function of its files' bytes.

A page is read once (`reader`), then looked at `alone` and `together` with the others; `place` knows what an address in
it means. `styles` and `feeds` are about files that are no pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from bifolium.audit import alone, feeds, place, reader, styles, together
from bifolium.audit.documents import Document
from bifolium.audit.together import Whole
from bifolium.problems import Problem, in_order

PAGES = (".html", ".htm", ".xhtml")
FEEDS = (".xml", ".atom", ".rss", ".json")


class Audited(NamedTuple):
    """What was found; how many pages and addresses were looked at; the addresses on other hosts with their places."""

    problems: tuple[Problem, ...]
    pages: int
    links: int
    external: tuple[tuple[str, Problem], ...]


def read_page(path: str, data: bytes) -> Document:
    """Return what must be known of a page."""
    return reader.read(path, data.decode("utf-8-sig", errors="replace"))


def audit(files: Iterable[str], pages: Mapping[str, Document], load: Callable[[str], bytes], base_url: str) -> Audited:
    """Return what is wrong with the site of these `files` and `pages`; `load` returns the bytes of any other file."""
    at = place.base(base_url or _said(pages))
    names = frozenset(files)
    sheets = {path: styles.addresses(load(path).decode(errors="replace")) for path in names if path.endswith(".css")}
    whole = Whole(names, pages, sheets, at)
    found = in_order(
        (problem for page in pages.values() for problem in alone.complain(page, at)),
        together.complain(whole),
        (it for path in names if path.endswith(FEEDS) for it in feeds.complain(path, load(path), whole)),
    )
    return Audited(found, len(pages), len(whole.references), tuple(together.external(whole)))


def _said(pages: Mapping[str, Document]) -> str:
    """Return the address that the home page says it has."""
    home = pages.get(place.INDEX)
    mark = home.about.get("canonical") if home else None
    return mark.text if mark else ""
