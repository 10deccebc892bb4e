"""What all formats of a feed say alike: its title, its addresses, when it changed."""

from __future__ import annotations

from datetime import UTC, datetime

from bifolium.model import Card, FeedPage
from bifolium.settings import Settings

EPOCH = "1970-01-01T00:00:00Z"  # when a feed changed that has no posts


def title(page: FeedPage, settings: Settings) -> str:
    """Return the title of a feed: the site's, after that of the list that it is of."""
    return f"{page.name} · {settings.title}" if page.name else settings.title


def absolute(url: str, settings: Settings) -> str:
    """Return the whole address of a URL of the site."""
    return settings.base_url.rstrip("/") + url


def changed(page: FeedPage) -> str:
    """Return when the last of the feed's posts was written or updated."""
    return max((card.updated or card.date for card in page.cards), default=EPOCH, key=_instant)


def terms(card: Card) -> tuple[str, ...]:
    """Return a post's categories and tags, each once."""
    return tuple(dict.fromkeys(card.categories + card.tags))


def authors(card: Card, settings: Settings) -> tuple[str, ...]:
    """Return who wrote a post, if that is known."""
    return card.authors or ((settings.author,) if settings.author else ())


def moment(date: str) -> datetime:
    """Return the instant that a card's date stands for, with its own offset."""
    found = datetime.fromisoformat(date)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _instant(date: str) -> float:
    return moment(date).timestamp()
