"""The JSON feed (JSON Feed 1.1, jsonfeed.org)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bifolium.feeds.about import absolute, authors, terms, title
from bifolium.model import Card, FeedPage
from bifolium.settings import Settings


def write(page: FeedPage, contents: Mapping[str, str], settings: Settings) -> bytes:
    """Return the feed as JSON."""
    feed: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title(page, settings),
        "home_page_url": absolute(page.home, settings),
        "feed_url": absolute(page.url, settings),
        "description": settings.tagline,
        "language": settings.language,
        "authors": [{"name": settings.author}] if settings.author else [],
        "items": [_item(card, contents[card.path], settings) for card in page.cards],
    }
    return (json.dumps(_filled(feed), ensure_ascii=False, indent=1) + "\n").encode()


def _item(card: Card, content: str, settings: Settings) -> dict[str, object]:
    item: dict[str, object] = {
        "id": absolute(card.url, settings),
        "url": absolute(card.url, settings),
        "title": card.title,
        "content_html": content,
        "summary": card.description,
        "date_published": card.date,
        "date_modified": card.updated,
        "authors": [{"name": name} for name in authors(card, settings)],
        "tags": list(terms(card)),
        "language": card.language,
    }
    return _filled(item)


def _filled(values: dict[str, object]) -> dict[str, object]:
    """Return what has a value; what the format wants may be empty."""
    return {key: value for key, value in values.items() if value or key in {"items", "content_html"}}
