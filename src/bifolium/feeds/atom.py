"""The Atom feed (RFC 4287)."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from bifolium.feeds.about import absolute, changed, terms, title
from bifolium.feeds.xml import add, clean, document
from bifolium.model import Card, FeedPage
from bifolium.settings import Settings

ATOM = "http://www.w3.org/2005/Atom"


def write(page: FeedPage, contents: Mapping[str, str], settings: Settings, stylesheet: str) -> bytes:
    """Return the feed as Atom."""
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": settings.language})
    add(feed, "title", title(page, settings))
    if settings.tagline:
        add(feed, "subtitle", settings.tagline)
    _link(feed, "self", "application/atom+xml", absolute(page.url, settings))
    _link(feed, "alternate", "text/html", absolute(page.home, settings))
    add(feed, "id", absolute(page.home, settings))
    add(feed, "updated", changed(page))
    _authors(feed, (settings.author or settings.title,))
    add(feed, "generator", "bifolium")
    for card in page.cards:
        _entry(feed, card, contents[card.path], settings)
    return document(feed, stylesheet)


def _entry(feed: Element, card: Card, content: str, settings: Settings) -> None:
    entry = SubElement(feed, "entry", {"xml:lang": card.language} if card.language else {})
    add(entry, "title", card.title)
    _link(entry, "alternate", "text/html", absolute(card.url, settings))
    add(entry, "id", absolute(card.url, settings))
    add(entry, "published", card.date)
    add(entry, "updated", card.updated or card.date)
    _authors(entry, card.authors)
    for name in terms(card):
        SubElement(entry, "category", {"term": clean(name)})
    if card.description:
        add(entry, "summary", card.description)
    add(entry, "content", content, type="html")


def _link(parent: Element, rel: str, kind: str, href: str) -> None:
    SubElement(parent, "link", {"rel": rel, "type": kind, "href": href})


def _authors(parent: Element, names: tuple[str, ...]) -> None:
    for name in names:
        add(SubElement(parent, "author"), "name", name)
