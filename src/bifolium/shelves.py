"""Put the posts on shelves: home and archive have all of them, each category, tag and series its own."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Literal, NamedTuple

from bifolium import urls
from bifolium.model import Card
from bifolium.recall import Recall
from bifolium.settings import Settings

ARCHIVE_PAGE = 500  # titles on a page of the archive
ShelfKind = Literal["home", "category", "tag", "series", "archive"]


class Shelf(NamedTuple):
    """The posts of a category, tag, series or of the whole blog: places in `Plan.posts`, in order."""

    kind: ShelfKind
    name: str
    url: str
    posts: Sequence[int]
    per_page: int

    @property
    def key(self) -> str:
        """What it goes by in the Plan: settings that give two shelves one address must not make them one."""
        return shelf_key(self.kind, self.url)


def shelve(posts: Sequence[Card], settings: Settings, recall: Recall) -> Iterator[Shelf]:
    """Yield the shelves of `posts`, which are in site order."""
    per_page, once = settings.lists.per_page, recall.once
    on_home = max(1, len(posts)) if settings.theme.home == "overview" else per_page
    yield Shelf("home", "", settings.urls.home, range(len(posts)), on_home)
    if posts:
        yield Shelf("archive", "", settings.urls.archive, range(len(posts)), ARCHIVE_PAGE)
    categories, tags, series, weights = (
        list(map(attrgetter(name), posts)) for name in ("categories", "tags", "series", "weight")
    )
    yield from once(_categories, categories, settings)
    yield from once(_tags, tags, settings)
    yield from once(_series, series, weights, settings)


def shelf_key(kind: ShelfKind, url: str) -> str:
    """Return what a shelf goes by in the Plan."""
    return f"{kind} {url}"


def pages_of(shelf: Shelf) -> int:
    """Return how many pages a shelf fills; an empty one still has its first."""
    return max(1, math.ceil(len(shelf.posts) / shelf.per_page))


def _categories(names: Sequence[tuple[str, ...]], settings: Settings) -> list[Shelf]:
    return [*_terms("category", settings.urls.categories, names, settings.lists.per_page)]


def _tags(names: Sequence[tuple[str, ...]], settings: Settings) -> list[Shelf]:
    return [*_terms("tag", settings.urls.tags, names, settings.lists.per_page)]


def _series(names: Sequence[str], weights: Sequence[int], settings: Settings) -> list[Shelf]:
    """Return the series, each from its first part to its last."""
    shelves = _terms(
        "series", settings.urls.series, [(name,) if name else () for name in names], settings.lists.per_page
    )
    return [it._replace(posts=tuple(sorted(it.posts, key=lambda number: (weights[number], -number)))) for it in shelves]


def _terms(kind: ShelfKind, index: str, names: Sequence[tuple[str, ...]], per_page: int) -> Iterator[Shelf]:
    """Yield a shelf for each term; spellings that differ in letter case only share one, under the most frequent."""
    members: dict[str, list[int]] = defaultdict(list)
    for number, of_post in enumerate(names):
        for name in of_post:
            members[name].append(number)
    spellings: dict[str, list[str]] = defaultdict(list)
    for name in members:
        spellings[urls.term_slug(name)].append(name)
    for slug in sorted(spellings):
        alike = spellings[slug]
        name = max(alike, key=lambda name: (len(members[name]), name))
        posts = sorted({number for name in alike for number in members[name]}) if alike[1:] else members[name]
        yield Shelf(kind, name, urls.term_url(index, name), tuple(dict.fromkeys(posts)), per_page)
