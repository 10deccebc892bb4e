"""What machines read: the Atom feed (RFC 4287), the sitemap (sitemaps.org) and robots.txt (RFC 9309)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from bifolium.model import Card, FeedPage, TextPage
from bifolium.settings import Settings

ATOM = "http://www.w3.org/2005/Atom"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def atom(page: FeedPage, contents: Mapping[str, str], settings: Settings) -> bytes:
    """Return the feed; `contents` are the posts' HTML with absolute URLs, by source path."""
    base = settings.base_url.rstrip("/")
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": settings.language})
    _text(feed, "title", settings.title)
    if settings.tagline:
        _text(feed, "subtitle", settings.tagline)
    SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": base + page.url})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": base + settings.urls.home})
    _text(feed, "id", base + settings.urls.home)
    _text(
        feed,
        "updated",
        max((card.updated or card.date for card in page.cards), default="1970-01-01T00:00:00Z", key=_instant),
    )
    _author(feed, (settings.author or settings.title,))
    _text(feed, "generator", "bifolium")
    for card in page.cards:
        _entry(feed, card, contents[card.path], base)
    return _document(feed)


def sitemap(page: TextPage, base_url: str) -> bytes:
    """Return the sitemap of the page's URLs and dates."""
    root = Element("urlset", {"xmlns": SITEMAP})
    for url, changed in page.lines:
        item = SubElement(root, "url")
        _text(item, "loc", base_url.rstrip("/") + url)
        if changed:
            _text(item, "lastmod", changed)
    return _document(root)


def robots(page: TextPage, base_url: str) -> bytes:
    """Return robots.txt: everything may be read, and here is the sitemap."""
    lines = ["User-agent: *", "Allow: /", *(f"Sitemap: {base_url.rstrip('/')}{url}" for url, _ in page.lines)]
    return ("\n".join(lines) + "\n").encode()


def _entry(feed: Element, card: Card, content: str, base: str) -> None:
    entry = SubElement(feed, "entry", {"xml:lang": card.language} if card.language else {})
    _text(entry, "title", card.title)
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": base + card.url})
    _text(entry, "id", base + card.url)
    _text(entry, "published", card.date)
    _text(entry, "updated", card.updated or card.date)
    if card.authors:
        _author(entry, card.authors)
    for name in dict.fromkeys(card.categories + card.tags):
        SubElement(entry, "category", {"term": _NO_XML.sub("", name)})
    if card.description:
        _text(entry, "summary", card.description)
    _text(entry, "content", content).set("type", "html")


def _author(parent: Element, names: tuple[str, ...]) -> None:
    for name in names:
        _text(SubElement(parent, "author"), "name", name)


def _text(parent: Element, name: str, text: str) -> Element:
    child = SubElement(parent, name)
    child.text = _NO_XML.sub("", text)
    return child


def _instant(date: str) -> float:
    return datetime.fromisoformat(date).timestamp()


def _document(root: Element) -> bytes:
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode").encode() + b"\n"
