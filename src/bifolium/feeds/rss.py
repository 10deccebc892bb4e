"""The RSS feed: RSS 2.0 (rssboard.org) with the modules `content`, `dc` and `atom` that its readers know."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement

from bifolium.feeds.about import absolute, authors, changed, moment, terms, title
from bifolium.feeds.atom import ATOM
from bifolium.feeds.xml import add, document
from bifolium.model import Card, FeedPage
from bifolium.settings import Settings

CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"


def write(page: FeedPage, contents: Mapping[str, str], settings: Settings, stylesheet: str) -> bytes:
    """Return the feed as RSS."""
    root = Element("rss", {"version": "2.0", "xmlns:atom": ATOM, "xmlns:content": CONTENT, "xmlns:dc": DC})
    channel = SubElement(root, "channel")
    add(channel, "title", title(page, settings))
    add(channel, "link", absolute(page.home, settings))
    add(channel, "description", settings.tagline or settings.title)
    add(channel, "language", settings.language)
    add(channel, "lastBuildDate", _date(changed(page)))
    add(channel, "generator", "bifolium")
    self = {"rel": "self", "type": "application/rss+xml", "href": absolute(page.url, settings)}
    SubElement(channel, "atom:link", self)
    for card in page.cards:
        _item(channel, card, contents[card.path], settings)
    return document(root, stylesheet)


def _item(channel: Element, card: Card, content: str, settings: Settings) -> None:
    item = SubElement(channel, "item")
    add(item, "title", card.title)
    add(item, "link", absolute(card.url, settings))
    add(item, "guid", absolute(card.url, settings), isPermaLink="true")
    add(item, "pubDate", _date(card.date))
    for name in authors(card, settings):
        add(item, "dc:creator", name)
    for name in terms(card):
        add(item, "category", name)
    if card.description:
        add(item, "description", card.description)
    add(item, "content:encoded", content)


def _date(date: str) -> str:
    """Return a date as RFC 822 has it, with the year in four digits."""
    return format_datetime(moment(date))
