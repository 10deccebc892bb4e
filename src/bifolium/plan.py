"""Arrange the cards of a site: which pages there are, at which addresses, from which shelves.

The Plan depends on cards, file names and settings only, so editing a post's text leaves it as it was. Pages
are not made here: `cut.cut` makes one when it is asked for.
"""

from __future__ import annotations

import math
import posixpath
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Literal, NamedTuple

from bifolium import memo, urls
from bifolium.claims import Claim, Route, output_of, settle
from bifolium.folders import bundle_of, bundles
from bifolium.model import Card, FeedLink
from bifolium.problems import Problem
from bifolium.sections import FeedFormat
from bifolium.settings import Settings

ARCHIVE_PAGE = 500  # titles on a page of the archive
SITEMAP = "/sitemap.xml"
IN_SITEMAP = 45_000  # pages in one sitemap; sitemaps.org allows 50,000
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


class Plan(NamedTuple):
    """The arranged site. `posts` are in site order; `position` leads from a source path to its place among them.

    `parts` says of each text in a series which part of it that is, from 0. `equations` is the address of the index of
    equations, if there is one: that is known when the texts are.
    """

    posts: tuple[Card, ...]
    pages: dict[str, Card]
    position: dict[str, int]
    shelves: dict[str, Shelf]
    routes: dict[str, Route]
    files: dict[str, str]
    parts: dict[str, int]
    equations: str = ""


def arrange(cards: Iterable[Card], files: Iterable[str], settings: Settings) -> tuple[Plan, tuple[Problem, ...]]:
    """Return the plan of a site, and a problem for every two things that want the same address.

    `files` are the paths of everything that is published as it is.
    """
    every = sorted(cards, key=attrgetter("order"))
    posts = tuple(card for card in every if card.kind == "post")
    pages = {card.path: card for card in every if card.kind == "page"}
    shelves = {shelf.key: shelf for shelf in _shelves(posts, settings)}
    placed = _place_files(files, every, settings)
    routes, problems = settle(_routes(every, shelves.values(), placed, settings))
    position = {card.path: number for number, card in enumerate(posts)}
    return Plan(posts, pages, position, shelves, routes, placed, _parts(posts, shelves.values())), problems


def bare(card: Card) -> Card:
    """Return what `arrange` looks at of `card`: whatever else of it changes, all stays where it is."""
    return Card(
        card.order,
        card.path,
        card.kind,
        card.url,
        title="",
        categories=card.categories,
        tags=card.tags,
        series=card.series,
        weight=card.weight,
        aliases=card.aliases,
    )


def dressed(plan: Plan, cards: Iterable[Card]) -> Plan:
    """Return `plan`, arranged from bare cards, with the whole `cards`."""
    whole = {card.path: card for card in cards}
    return plan._replace(
        posts=tuple(whole[card.path] for card in plan.posts), pages={path: whole[path] for path in plan.pages}
    )


def shelf_key(kind: ShelfKind, url: str) -> str:
    """Return what a shelf goes by in the Plan."""
    return f"{kind} {url}"


def with_equations(plan: Plan, url: str) -> Plan:
    """Return `plan` with an index of equations at `url`, unless the site has something of its own there."""
    output = urls.clash_key(urls.output_path(url))
    if any(urls.clash_key(output_of(other, route)) == output for other, route in plan.routes.items()):
        return plan
    route = Route("equations", "", 1, "the index of equations")
    return plan._replace(routes={**plan.routes, url: route}, equations=url)


def digest(plan: Plan) -> bytes:
    """Return the digest of what a plan was made from, but for the settings."""
    return memo.digest((plan.posts, plan.pages, plan.files, plan.equations))


def card_of(plan: Plan, path: str) -> Card | None:
    """Return the card of the post or page at `path`, if it is part of the site."""
    number = plan.position.get(path)
    return plan.posts[number] if number is not None else plan.pages.get(path)


def pages_of(shelf: Shelf) -> int:
    """Return how many pages a shelf fills; an empty one still has its first."""
    return max(1, math.ceil(len(shelf.posts) / shelf.per_page))


def _shelves(posts: Sequence[Card], settings: Settings) -> Iterator[Shelf]:
    per_page = settings.lists.per_page
    on_home = max(1, len(posts)) if settings.theme.home == "overview" else per_page
    yield Shelf("home", "", settings.urls.home, range(len(posts)), on_home)
    if posts:
        yield Shelf("archive", "", settings.urls.archive, range(len(posts)), ARCHIVE_PAGE)
    yield from _terms("category", settings.urls.categories, [card.categories for card in posts], per_page)
    yield from _terms("tag", settings.urls.tags, [card.tags for card in posts], per_page)
    for shelf in _terms(
        "series", settings.urls.series, [(card.series,) if card.series else () for card in posts], per_page
    ):
        in_order = sorted(shelf.posts, key=lambda number: (posts[number].weight, -number))
        yield shelf._replace(posts=tuple(in_order))


def _terms(kind: ShelfKind, index: str, names: Sequence[tuple[str, ...]], per_page: int) -> Iterator[Shelf]:
    """Yield a shelf for each term; spellings that differ in letter case only share one, under the most frequent."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    members: dict[str, list[int]] = defaultdict(list)
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, of_post in enumerate(names):
        alike[of_post].append(number)
    for some, numbers in alike.items():
        for slug, name in {urls.term_slug(name): name for name in some}.items():
            spellings[slug][name] += len(numbers)
            members[slug] += numbers
    for slug in sorted(members):
        name = max(spellings[slug].items(), key=lambda item: (item[1], item[0]))[0]
        yield Shelf(kind, name, urls.term_url(index, name), tuple(sorted(members[slug])), per_page)


def _parts(posts: Sequence[Card], shelves: Iterable[Shelf]) -> dict[str, int]:
    """Return which part of its series each post is, from 0."""
    series = (shelf.posts for shelf in shelves if shelf.kind == "series")
    return {posts[number].path: part for numbers in series for part, number in enumerate(numbers)}


def _place_files(files: Iterable[str], cards: Iterable[Card], settings: Settings) -> dict[str, str]:
    """Return the address of each published file: a bundle's beside its page, the others under their own path."""
    pages = {card.path: card.url for card in cards}
    owners = bundles(pages, settings.folders)
    top = {posixpath.normpath(settings.folders.static), posixpath.normpath(settings.folders.pages)}
    found: dict[str, str] = {}
    for path in files:
        folder = bundle_of(path, owners.keys() | top)
        if folder in owners:
            found[path] = urls.beside(pages[owners[folder]], posixpath.relpath(path, folder))
        else:
            found[path] = urls.of_file(posixpath.relpath(path, folder) if folder else path.lstrip("_"))
    return found


def _routes(
    cards: Sequence[Card], shelves: Collection[Shelf], files: Mapping[str, str], settings: Settings
) -> Iterator[Claim]:
    """Yield every address with what claims it; those that a site may take over come last."""
    for card in cards:
        yield card.url, Route("post", card.path, 1, card.path, card.path)
    for path, url in files.items():
        yield url, Route("file", path, 1, path, path)
    posts = [card.path for card in cards if card.kind == "post"]
    for shelf in shelves:
        source = f"the {shelf.kind} page {f'“{shelf.name}”' if shelf.name else ''}".rstrip()
        owner = posts[shelf.posts[0]] if shelf.name else ""  # who wrote that category or tag can choose another
        for number in range(1, pages_of(shelf) + 1):
            yield urls.numbered(shelf.url, number), Route("list", shelf.key, number, source, owner)
    kinds = {shelf.kind for shelf in shelves}
    for kind, plural in (("category", "categories"), ("tag", "tags"), ("series", "series")):
        if kind in kinds:
            yield getattr(settings.urls, plural), Route("terms", kind, 1, f"the index of {plural}")
    for card in cards:
        for old in card.aliases:
            yield urls.alias(old), Route("redirect", card.url, 1, f"{card.path} (its alias)", card.path)
    for old, new in settings.redirects.items():
        target = urls.explicit(new) if new.startswith("/") else new
        yield urls.alias(old), Route("redirect", target, 1, "`[redirects]`")
    yield from _for_machines(cards, shelves, settings)
    yield "/404.html", Route("missing", "", 1, "the 404 page")


def _for_machines(cards: Sequence[Card], shelves: Collection[Shelf], settings: Settings) -> Iterator[Claim]:
    """Yield what programs read; feeds and sitemaps hold whole addresses, so they need a base URL."""
    if settings.base_url:
        yield from _feeds(shelves, settings)
        yield from _sitemaps(len(cards) + sum(map(pages_of, shelves)))
    yield "/robots.txt", Route("robots", "", 1, "robots.txt")
    if settings.security.headers:
        yield "/_headers", Route("headers", "", 1, "the headers")


def _sitemaps(pages: int) -> Iterator[Claim]:
    """Yield the sitemap, or as many as so many pages need and an index of them."""
    parts = math.ceil(pages / IN_SITEMAP)
    yield SITEMAP, Route("sitemap", "", 0 if parts > 1 else 1, "the sitemap")
    for number in range(1, parts + 1 if parts > 1 else 1):
        yield f"/sitemap-{number}.xml", Route("sitemap", "", number, "a part of the sitemap")


def _feeds(shelves: Iterable[Shelf], settings: Settings) -> Iterator[Claim]:
    """Yield the feeds of the whole site, and of the lists that have one of their own."""
    wanted = {"home", *settings.feeds.of}
    for shelf in shelves:
        if shelf.kind in wanted:
            whose = f" of the {shelf.kind} “{shelf.name}”" if shelf.name else ""
            for it in dict.fromkeys(settings.feeds.formats):
                yield feed_url(shelf, it, settings), Route(it, shelf.key, 1, f"the {it} feed{whose}")


def feeds_of(plan: Plan, shelf: Shelf, settings: Settings) -> tuple[FeedLink, ...]:
    """Return the feeds of a shelf."""
    wanted = (FeedLink(it, feed_url(shelf, it, settings)) for it in settings.feeds.formats)
    return tuple(dict.fromkeys(it for it in wanted if it.url in plan.routes and plan.routes[it.url].kind == it.format))


def feed_url(shelf: Shelf, wanted: FeedFormat, settings: Settings) -> str:
    """Return the address of the feed of a shelf, whether or not there is one."""
    whole = {"atom": settings.urls.feed, "rss": settings.urls.rss, "json": settings.urls.json_feed}[wanted]
    return whole if shelf.kind == "home" else urls.beside(shelf.url, posixpath.basename(whole))
