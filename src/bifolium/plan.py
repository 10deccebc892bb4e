"""Arrange the cards of a site: which pages there are, at which addresses, from which shelves.

The Plan depends on cards, file names and settings only, so editing a post's text leaves it as it was. Pages
are not made here: `cut.cut` makes one when it is asked for.
"""

from __future__ import annotations

import math
import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple
from urllib.parse import unquote

from bifolium import memo, urls
from bifolium.claims import Claim, Ground, Route, ground_of, output_of, settle
from bifolium.folders import bundle_of, bundles
from bifolium.model import Card, FeedLink
from bifolium.problems import Problem
from bifolium.recall import NOTHING, Recall
from bifolium.sections import FeedFormat
from bifolium.settings import Settings
from bifolium.shelves import Shelf, pages_of, shelve

SITEMAP = "/sitemap.xml"
_PATH = attrgetter("path")
IN_SITEMAP = 45_000  # pages in one sitemap; sitemaps.org allows 50,000


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


def arrange(
    cards: Mapping[str, Card], files: Iterable[str], settings: Settings, recall: Recall = NOTHING
) -> tuple[Plan, tuple[Problem, ...]]:
    """Return the plan of a site, and a problem for every two things that want the same address.

    `cards` are by source path, `files` are the paths of everything that is published as it is.
    """
    once, each = recall.once, recall.each
    order = once(_sorted, each(_order, (cards,)))
    every = list(map(cards.__getitem__, order))
    posts = recall.same("posts", tuple(card for card in every if card.kind == "post"))
    pages = {card.path: card for card in every if card.kind == "page"}
    shelves = {shelf.key: shelf for shelf in shelve(posts, settings, recall)}
    placed = once(_place_files, files, each(_url, (cards,)), settings)
    claims = each(_claim, (cards,))
    others = _routes(every, shelves.values(), placed, settings)
    routes, problems = settle(list(map(claims.__getitem__, order)), once(_ground, claims), others)
    position = once(_numbered, list(map(_PATH, posts)))
    return Plan(posts, pages, position, shelves, routes, placed, _parts(posts, shelves.values())), problems


def _order(card: Card) -> tuple[int, float, int, str]:
    return card.order


def _sorted(orders: Mapping[str, tuple[int, float, int, str]]) -> list[str]:
    """Return the paths of all texts in site order."""
    return sorted(orders, key=orders.__getitem__)


def _url(card: Card) -> str:
    return card.url


def _numbered(paths: Sequence[str]) -> dict[str, int]:
    return {path: number for number, path in enumerate(paths)}


def _ground(claims: Mapping[str, Claim]) -> Ground:
    return ground_of(claims.values())


def _claim(card: Card) -> Claim:
    """Return the address that a text has, whatever else claims it."""
    return card.url, Route("post", card.path, 1, card.path, card.path)


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


def dressed(plan: Plan, cards: Mapping[str, Card]) -> Plan:
    """Return `plan`, arranged from bare cards, with the whole `cards`."""
    return plan._replace(
        posts=tuple(map(cards.__getitem__, plan.position)), pages={path: cards[path] for path in plan.pages}
    )


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


def _parts(posts: Sequence[Card], shelves: Iterable[Shelf]) -> dict[str, int]:
    """Return which part of its series each post is, from 0."""
    series = (shelf.posts for shelf in shelves if shelf.kind == "series")
    return {posts[number].path: part for numbers in series for part, number in enumerate(numbers)}


def _place_files(files: Iterable[str], pages: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """Return the address of each published file: a bundle's beside its page, the others under their own path.

    `pages` are the texts' addresses.
    """
    owners = bundles(pages, settings.folders)
    top = {posixpath.normpath(settings.folders.static), posixpath.normpath(settings.folders.pages)}
    known = owners.keys() | top
    found: dict[str, str] = {}
    for path in files:
        folder = bundle_of(path, known)
        if folder in owners:
            found[path] = urls.beside(pages[owners[folder]], posixpath.relpath(path, folder))
        else:
            found[path] = urls.of_file(posixpath.relpath(path, folder) if folder else path.lstrip("_"))
    return found


def _routes(
    cards: Sequence[Card], shelves: Collection[Shelf], files: Mapping[str, str], settings: Settings
) -> Iterator[Claim]:
    """Yield every address but the texts' with what claims it; those that a site may take over come last."""
    for path, url in files.items():
        yield url, Route("file", path, 1, path, path)
    posts = [card.path for card in cards if card.kind == "post"]
    for shelf in shelves:
        source = f"the {shelf.kind} page {f'“{shelf.name}”' if shelf.name else ''}".rstrip()
        owner = posts[shelf.posts[0]] if shelf.name else ""  # who wrote that category or tag can choose another
        for number in range(1, pages_of(shelf) + 1):
            yield urls.numbered(shelf.url, number, settings.lists.page), Route("list", shelf.key, number, source, owner)
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
    for shelf in shelves:
        whose = f" of the {shelf.kind} “{shelf.name}”" if shelf.name else ""
        for it in _formats(shelf, settings):
            yield feed_url(shelf, it, settings), Route(it, shelf.key, 1, f"the {it} feed{whose}")


def _formats(shelf: Shelf, settings: Settings) -> tuple[FeedFormat, ...]:
    """Return the formats of the feeds that a shelf has."""
    wanted = settings.feeds.formats if shelf.kind in {"home", *settings.feeds.of} else ()
    return tuple(dict.fromkeys([*wanted, "atom"] if _own_feed(shelf, settings) else wanted))


def _own_feed(shelf: Shelf, settings: Settings) -> str:
    """Return where the settings put the Atom feed of this very shelf, or nothing."""
    at = settings.feeds.at
    return next((urls.explicit(at[url]) for url in (shelf.url, unquote(shelf.url)) if url in at), "")


def feeds_of(plan: Plan, shelf: Shelf, settings: Settings) -> tuple[FeedLink, ...]:
    """Return the feeds of a shelf."""
    wanted = (FeedLink(it, feed_url(shelf, it, settings)) for it in _formats(shelf, settings))
    return tuple(dict.fromkeys(it for it in wanted if it.url in plan.routes and plan.routes[it.url].kind == it.format))


def feed_url(shelf: Shelf, wanted: FeedFormat, settings: Settings) -> str:
    """Return the address of the feed of a shelf, whether or not there is one."""
    whole = {"atom": settings.urls.feed, "rss": settings.urls.rss, "json": settings.urls.json_feed}[wanted]
    if wanted == "atom" and (own := _own_feed(shelf, settings)):
        return own
    return whole if shelf.kind == "home" else urls.beside(shelf.url, posixpath.basename(whole))
