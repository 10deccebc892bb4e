"""Arrange the cards of a site: which pages there are, at which addresses, from which shelves.

The Plan depends on cards, file names and settings only, so editing a post's text leaves it as it was. Pages
are not made here: `cut.cut` makes one when it is asked for.
"""

from __future__ import annotations

import math
import posixpath
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from bifolium import memo, urls
from bifolium.model import Card, FeedLink
from bifolium.problems import Problem, error
from bifolium.settings import FeedFormat, Settings

ARCHIVE_PAGE = 500  # titles on a page of the archive
SITEMAP = "/sitemap.xml"
IN_SITEMAP = 45_000  # pages in one sitemap; sitemaps.org allows 50,000
ShelfKind = Literal["home", "category", "tag", "series", "archive"]
MachineKind = FeedFormat | Literal["sitemap", "robots", "headers"]
RouteKind = MachineKind | Literal["post", "list", "terms", "redirect", "equations", "missing", "file"]


class Shelf(NamedTuple):
    """The posts of a category, tag, series or of the whole blog: places in `Plan.posts`, in order."""

    kind: ShelfKind
    name: str
    url: str
    posts: Sequence[int]
    per_page: int


class Route(NamedTuple):
    """What stands at an address: the kind of page, whose it is, its number; `source` is what people call it."""

    kind: RouteKind
    key: str
    number: int
    source: str


class Plan(NamedTuple):
    """The arranged site. `posts` are in site order; `position` leads from a source path to its place among them.

    `equations` is the address of the index of equations, if there is one: that is known when the texts are.
    """

    posts: tuple[Card, ...]
    pages: dict[str, Card]
    position: dict[str, int]
    shelves: dict[str, Shelf]
    routes: dict[str, Route]
    files: dict[str, str]
    equations: str = ""


def arrange(cards: Iterable[Card], files: Iterable[str], settings: Settings) -> tuple[Plan, tuple[Problem, ...]]:
    """Return the plan of a site, and a problem for every two things that want the same address.

    `files` are the paths of everything that is published as it is.
    """
    every = sorted(cards)
    posts = tuple(card for card in every if card.kind == "post")
    pages = {card.path: card for card in every if card.kind == "page"}
    shelves = {shelf.url: shelf for shelf in _shelves(posts, settings)}
    placed = _place_files(files, every, settings)
    routes, problems = _claim(_routes(every, shelves, placed, settings))
    position = {card.path: number for number, card in enumerate(posts)}
    return Plan(posts, pages, position, shelves, routes, placed), problems


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


def output_of(url: str, route: Route) -> str:
    """Return the path below the output folder of what stands at `url`."""
    return urls.file_path(url) if route.kind in {"file", "headers"} else urls.output_path(url)


def _shelves(posts: Sequence[Card], settings: Settings) -> Iterator[Shelf]:
    per_page = settings.lists.per_page
    yield Shelf("home", "", settings.urls.home, range(len(posts)), per_page)
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
    spellings: dict[str, Counter[str]] = {}
    members: dict[str, list[int]] = {}
    for number, of_post in enumerate(names):
        for slug, name in {urls.term_slug(name): name for name in of_post}.items():
            spellings.setdefault(slug, Counter())[name] += 1
            members.setdefault(slug, []).append(number)
    for slug in sorted(members):
        name = max(spellings[slug].items(), key=lambda item: (item[1], item[0]))[0]
        yield Shelf(kind, name, urls.term_url(index, name), tuple(members[slug]), per_page)


def _place_files(files: Iterable[str], cards: Iterable[Card], settings: Settings) -> dict[str, str]:
    """Return the address of each published file: a bundle's beside its page, the others under their own path."""
    bundles = {
        posixpath.dirname(card.path): card.url for card in cards if posixpath.basename(card.path).startswith("index.")
    }
    top = {posixpath.normpath(settings.folders.static), posixpath.normpath(settings.folders.pages)}
    return {path: _address(path, bundles, top) for path in files}


def _address(path: str, bundles: Mapping[str, str], top: set[str]) -> str:
    folder = posixpath.dirname(path)
    while folder:
        if folder in bundles:
            return urls.beside(bundles[folder], posixpath.relpath(path, folder))
        if folder in top:
            return urls.of_file(posixpath.relpath(path, folder))
        folder = posixpath.dirname(folder)
    return urls.of_file(path.lstrip("_"))


def _routes(
    cards: Sequence[Card], shelves: Mapping[str, Shelf], files: Mapping[str, str], settings: Settings
) -> Iterator[tuple[str, Route]]:
    """Yield every address with what claims it; those that a site may take over come last."""
    for card in cards:
        yield card.url, Route("post", card.path, 1, card.path)
    for path, url in files.items():
        yield url, Route("file", path, 1, path)
    for shelf in shelves.values():
        for number in range(1, pages_of(shelf) + 1):
            source = f"the {shelf.kind} page {f'“{shelf.name}”' if shelf.name else ''}".rstrip()
            yield urls.numbered(shelf.url, number), Route("list", shelf.url, number, source)
    kinds = {shelf.kind for shelf in shelves.values()}
    for kind, plural in (("category", "categories"), ("tag", "tags"), ("series", "series")):
        if kind in kinds:
            yield getattr(settings.urls, plural), Route("terms", kind, 1, f"the index of {plural}")
    for card in cards:
        for old in card.aliases:
            yield urls.alias(old), Route("redirect", card.url, 1, f"{card.path} (its alias)")
    yield from _for_machines(cards, shelves.values(), settings)
    yield "/404.html", Route("missing", "", 1, "the 404 page")


def _for_machines(cards: Sequence[Card], shelves: Collection[Shelf], settings: Settings) -> Iterator[tuple[str, Route]]:
    """Yield what programs read; feeds and sitemaps hold whole addresses, so they need a base URL."""
    if settings.base_url:
        yield from _feeds(shelves, settings)
        yield from _sitemaps(len(cards) + sum(map(pages_of, shelves)))
    yield "/robots.txt", Route("robots", "", 1, "robots.txt")
    if settings.security.headers:
        yield "/_headers", Route("headers", "", 1, "the headers")


def _sitemaps(pages: int) -> Iterator[tuple[str, Route]]:
    """Yield the sitemap, or as many as so many pages need and an index of them."""
    parts = math.ceil(pages / IN_SITEMAP)
    yield SITEMAP, Route("sitemap", "", 0 if parts > 1 else 1, "the sitemap")
    for number in range(1, parts + 1 if parts > 1 else 1):
        yield f"/sitemap-{number}.xml", Route("sitemap", "", number, "a part of the sitemap")


def _feeds(shelves: Iterable[Shelf], settings: Settings) -> Iterator[tuple[str, Route]]:
    """Yield the feeds of the whole site, and of the lists that have one of their own."""
    wanted = {"home", *settings.feeds.of}
    for shelf in shelves:
        if shelf.kind in wanted:
            whose = f" of the {shelf.kind} “{shelf.name}”" if shelf.name else ""
            for it in dict.fromkeys(settings.feeds.formats):
                yield feed_url(shelf, it, settings), Route(it, shelf.url, 1, f"the {it} feed{whose}")


def feeds_of(plan: Plan, shelf: Shelf, settings: Settings) -> tuple[FeedLink, ...]:
    """Return the feeds of a shelf."""
    wanted = (FeedLink(it, feed_url(shelf, it, settings)) for it in settings.feeds.formats)
    return tuple(dict.fromkeys(it for it in wanted if it.url in plan.routes and plan.routes[it.url].kind == it.format))


def feed_url(shelf: Shelf, wanted: FeedFormat, settings: Settings) -> str:
    """Return the address of the feed of a shelf, whether or not there is one."""
    whole = {"atom": settings.urls.feed, "rss": settings.urls.rss, "json": settings.urls.json_feed}[wanted]
    return whole if shelf.kind == "home" else urls.beside(shelf.url, posixpath.basename(whole))


def _claim(claims: Iterable[tuple[str, Route]]) -> tuple[dict[str, Route], tuple[Problem, ...]]:
    """Give each address to its first claimant; a second one is a clash, unless it only offered a default."""
    routes: dict[str, Route] = {}
    taken: dict[str, tuple[str, Route]] = {}
    problems: list[Problem] = []
    for url, route in claims:
        first = taken.setdefault(urls.clash_key(output_of(url, route)), (url, route))
        if first[1] is route:
            routes[url] = route
        elif route.kind not in {"robots", "headers", "missing"} and first[1] != route:
            problems.append(_clash(first, (url, route)))
    return routes, tuple(problems)


def _clash(first: tuple[str, Route], second: tuple[str, Route]) -> Problem:
    owner = next((route.key for _, route in (second, first) if route.kind in {"post", "file"}), second[1].source)
    if first[0] == second[0]:
        message = f"`{second[0]}` is claimed by both {first[1].source} and {second[1].source}"
    else:
        theirs = f"`{first[0]}` of {first[1].source}"
        message = f"`{second[0]}` and {theirs} are one file on disks that ignore letter case or Unicode forms"
    return error(owner, 0, 0, "clash", message, _hint(first[1], second[1]))


def _hint(first: Route, second: Route) -> str:
    if "list" in {first.kind, second.kind} and {first.key, second.key} & {"/"}:
        return 'to have a page of your own there, move the list of posts: home = "/blog/" under [urls]'
    if "redirect" in {first.kind, second.kind}:
        return "remove the alias that isn't needed"
    return "give one of them another `permalink`, `slug` or name"
