"""Phase one: from files to cards. A file whose stamp is the one of last time is not opened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from bifolium import cards, folders, memo, sources
from bifolium.folders import Kind
from bifolium.ledger import Ledger, Reading
from bifolium.model import Card, Post
from bifolium.site import Site


class Read(NamedTuple):
    """Every source file's reading, and the posts that were opened for it."""

    readings: dict[str, Reading]
    posts: dict[str, Post]


def read(site: Site, texts: Mapping[str, Kind], before: Ledger, unchanged: Collection[str]) -> Read:
    """Return the reading of every text; those `unchanged` since `before` are not opened."""
    known = before.readings.keys() & unchanged
    options = {kind: cards.reading_options(kind, site.settings) for kind in set(texts.values())}
    opened = {
        path: _open(site, path, options[texts[path]], before.readings.get(path)) for path in texts if path not in known
    }
    every = {**before.readings, **{path: it for path, (it, _) in opened.items()}}
    readings = every if list(every) == list(texts) else {path: every[path] for path in texts}
    return Read(readings, {path: post for path, (_, post) in opened.items() if post})


def without_snippets(read: Read) -> Read:
    """Return `read` as if no text that includes snippets had been rendered."""
    return read._replace(
        readings={
            path: it._replace(gist=None) if it.gist and it.gist.includes else it for path, it in read.readings.items()
        }
    )


def without_gists(read: Read) -> Read:
    """Return `read` as if no text had been rendered."""
    return read._replace(readings={path: it._replace(gist=None) for path, it in read.readings.items()})


def post_at(site: Site, path: str) -> Post | None:
    """Return the post at `path`, read from the disk; None if it has errors."""
    kind = folders.sort([path], site.settings.folders).texts[path]
    return cards.read(path, sources.read(site.folder, path), cards.reading_options(kind, site.settings)).post


def spoilt(site: Site, read: Read) -> dict[str, Post]:
    """Return the texts whose front matter is wrong, read from the disk as far as they can be."""
    kinds = folders.sort([path for path, it in read.readings.items() if not it.card], site.settings.folders).texts
    contents, _ = sources.read_all(site.folder, kinds)
    options = {path: cards.reading_options(kinds[path], site.settings) for path in contents}
    found = {path: cards.read(path, data, options[path]).spoilt for path, data in contents.items()}
    return {path: post for path, post in found.items() if post and visible(post.card, site)}


def visible(card: Card, site: Site) -> bool:
    """Tell whether `card` is part of this build: no draft and not of the future, unless that is wished."""
    if card.draft and not site.wishes.drafts:
        return False
    return site.wishes.future or not is_future(card, site)


def is_future(card: Card, site: Site) -> bool:
    """Tell whether `card` is dated after the build's moment."""
    return bool(card.date) and datetime.fromisoformat(card.date) > datetime.fromisoformat(site.wishes.now)


def due(hidden: Iterable[Card], site: Site) -> str:
    """Return the date of the first post that only time keeps out of the site."""
    return min((card.date for card in hidden if is_future(card, site)), key=datetime.fromisoformat, default="")


def newest(shown: Iterable[Card], site: Site) -> str:
    """Return the date of the last post that only time lets into the site."""
    dates = (card.date for card in shown if card.date and not site.wishes.future)
    return max(dates, key=datetime.fromisoformat, default="")


def time_matters(before: Ledger, site: Site) -> bool:
    """Tell whether time alone brings another post since `before`, or takes one away, as a clock set back does."""
    now = datetime.fromisoformat(site.wishes.now)
    comes = bool(before.due) and datetime.fromisoformat(before.due) <= now
    return comes or (bool(before.newest) and datetime.fromisoformat(before.newest) > now)


def _open(site: Site, path: str, options: cards.ReadingOptions, old: Reading | None) -> tuple[Reading, Post | None]:
    try:
        data = sources.read(site.folder, path)
    except OSError as problem:
        return Reading(b"", None, (sources.unreadable(path, problem),)), None
    digest = memo.digest(data)
    if old and old.digest == digest:
        return old, None
    result = cards.read(path, data, options)
    card = result.post.card if result.post else None
    if old and old.card and not card and site.wishes.patient:
        return old._replace(digest=digest, problems=result.problems), None
    if old and card and memo.encode(card) == memo.encode(old.card):
        card = old.card  # the very one, so that who recalls what was made of it need not compare
    return Reading(digest, card, result.problems), result.post
