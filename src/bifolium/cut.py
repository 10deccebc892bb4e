"""Cut one page out of the Plan: exactly what its template may see, made when it is asked for."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from bifolium import urls
from bifolium.claims import Route
from bifolium.model import (
    Card,
    Entry,
    FeedPage,
    Group,
    HeadersPage,
    ListPage,
    NotFoundPage,
    Page,
    Pager,
    PostPage,
    RedirectPage,
    RobotsPage,
    SeriesPart,
    SitemapEntry,
    SitemapPage,
    Term,
    TermsPage,
)
from bifolium.plan import IN_SITEMAP, SITEMAP, Plan, card_of, feeds_of
from bifolium.settings import Settings
from bifolium.shelves import Shelf, ShelfKind, pages_of, shelf_key

PARTS = 50  # of a series that each of them shows; the series' own pages have all
NEAR = 25  # posts looked at on either side in each shelf, when related ones are sought


def cut(plan: Plan, url: str, settings: Settings) -> Page | None:
    """Return the page at `url`; None if a file is published there as it is, or if it is no part of the Plan's."""
    route = plan.routes[url]
    match route.kind:
        case "post":
            return _post(plan, route, settings)
        case "list":
            return _list(plan, plan.shelves[route.key], route.number, settings)
        case "terms":
            return _terms(plan, url, route)
        case "redirect":
            return RedirectPage(url, route.key)
        case "missing":
            return NotFoundPage(url)
        case "file" | "equations":
            return None
    return _for_machines(plan, url, route, settings)


def shown(plan: Plan, route: Route, settings: Settings) -> Sequence[str]:
    """Return the sources whose texts the page of `route` shows, whole or in summary, without cutting it."""
    match route.kind:
        case "post":
            return (route.key,)
        case "list" if has_summaries(plan.shelves[route.key], settings):
            return [plan.posts[at].path for at in _on_page(plan.shelves[route.key], route.number)]
        case "atom" | "rss" | "json":
            return [card.path for card in _newest(plan, plan.shelves[route.key], settings)]
    return ()


def has_summaries(shelf: Shelf, settings: Settings) -> bool:
    """Tell whether a list shows how its posts begin: not the archive and an overview, which show titles."""
    return shelf.kind != "archive" and not _is_overview(shelf, settings)


def reference(card: Card) -> Entry:
    """Return a post as those show it that it links to."""
    return Entry(card.path, card.url, card.title, card.date, "", language=card.language, draft=card.draft)


def _post(plan: Plan, route: Route, settings: Settings) -> PostPage:
    number = plan.position.get(route.key)
    if number is None:
        card = plan.pages[route.key]
        return PostPage(card.url, card)
    card = plan.posts[number]
    newer = plan.posts[number - 1] if number else None
    older = plan.posts[number + 1] if number + 1 < len(plan.posts) else None
    related = _related(plan, number, settings)
    return PostPage(
        url=card.url,
        card=card,
        categories=tuple(map(_term, _categories(plan, card, settings))),
        tags=tuple(map(_term, _tags(plan, card, settings))),
        newer=_entry(plan, newer, settings) if newer else None,
        older=_entry(plan, older, settings) if older else None,
        related=tuple(_entry(plan, other, settings) for other in related),
        series=_series(plan, card, settings),
        more=tuple(_entry(plan, other, settings) for other in _more(plan, number, related, settings)),
    )


def _series(plan: Plan, card: Card, settings: Settings) -> SeriesPart | None:
    if not card.series:
        return None
    (shelf,) = _shelves_of(plan, "series", settings.urls.series, (card.series,))
    at = plan.parts[card.path]
    first = max(0, min(at - PARTS // 2, len(shelf.posts) - PARTS))
    parts = tuple(_entry(plan, plan.posts[number], settings) for number in shelf.posts[first : first + PARTS])
    return SeriesPart(_term(shelf), parts, at + 1, first + 1)


def _related(plan: Plan, number: int, settings: Settings) -> list[Card]:
    """Return posts that share the rarest terms with this one; at equal rank, the nearest in time."""
    card = plan.posts[number]
    ranks: dict[int, int] = {}
    for shelf in (*_tags(plan, card, settings), *_categories(plan, card, settings)):
        rarity = 1_000_000 // len(shelf.posts)
        for other in _around(shelf.posts, number):
            ranks[other] = ranks.get(other, 0) - rarity
    for neighbour in (number - 1, number, number + 1):
        ranks.pop(neighbour, None)
    ranked = sorted((rank, abs(other - number), other) for other, rank in ranks.items())
    return [plan.posts[other] for _, _, other in ranked[: settings.lists.related]]


def _more(plan: Plan, number: int, related: Sequence[Card], settings: Settings) -> list[Card]:
    """Return the posts of the same (first) category that are nearest in time, but for those named anyway."""
    posts = next((shelf.posts for shelf in _categories(plan, plan.posts[number], settings)), ())
    named = {number - 1, number, number + 1, *(plan.position[other.path] for other in related)}
    others = sorted((it for it in _around(posts, number) if it not in named), key=lambda it: (abs(it - number), it))
    return [plan.posts[other] for other in sorted(others[: settings.lists.more])]


def _around(posts: Sequence[int], number: int) -> Iterable[int]:
    at = bisect_left(posts, number)
    return posts[max(0, at - NEAR) : at + NEAR + 1]


def _list(plan: Plan, shelf: Shelf, number: int, settings: Settings) -> ListPage:
    groups = tuple(_groups(plan, settings)) if _is_overview(shelf, settings) else ()
    entries = (_entry(plan, plan.posts[at], settings) for at in (() if groups else _on_page(shelf, number)))
    total, pattern = pages_of(shelf), settings.lists.page
    pager = Pager(
        number,
        total,
        urls.numbered(shelf.url, number - 1, pattern) if number > 1 else "",
        urls.numbered(shelf.url, number + 1, pattern) if number < total else "",
    )
    feeds = feeds_of(plan, shelf, settings) if shelf.kind != "home" else ()
    url = urls.numbered(shelf.url, number, pattern)
    return ListPage(url, shelf.kind, shelf.name, tuple(entries), pager, feeds, groups)


def _is_overview(shelf: Shelf, settings: Settings) -> bool:
    return shelf.kind == "home" and settings.theme.home == "overview"


def _groups(plan: Plan, settings: Settings) -> Iterator[Group]:
    """Yield all categories with their posts, by name, and then the posts without one."""
    shelves = [shelf for shelf in plan.shelves.values() if shelf.kind == "category"]
    for shelf in sorted(shelves, key=lambda it: (it.name.casefold(), it.name)):
        yield Group(_term(shelf), tuple(_entry(plan, plan.posts[at], settings) for at in shelf.posts))
    if rest := tuple(_entry(plan, card, settings) for card in plan.posts if not card.categories):
        yield Group(None, rest)


def _on_page(shelf: Shelf, number: int) -> Sequence[int]:
    """Return the posts on the `number`th page of a shelf."""
    first = (number - 1) * shelf.per_page
    return shelf.posts[first : first + shelf.per_page]


def _newest(plan: Plan, shelf: Shelf, settings: Settings) -> list[Card]:
    """Return the posts of a shelf's feed, which must have a date."""
    newest = heapq.nsmallest(settings.lists.feed, shelf.posts) if shelf.kind == "series" else shelf.posts
    return [card for card in (plan.posts[at] for at in newest[: settings.lists.feed]) if card.date]


def _terms(plan: Plan, url: str, route: Route) -> TermsPage:
    terms = [_term(shelf) for shelf in plan.shelves.values() if shelf.kind == route.key]
    kinds = {"category": "categories", "tag": "tags", "series": "series"}
    in_order = sorted(terms, key=lambda term: (term.name.casefold(), term.name))
    return TermsPage(url, kinds[route.key], tuple(in_order))  # type: ignore[arg-type]


def _for_machines(plan: Plan, url: str, route: Route, settings: Settings) -> Page:
    match route.kind:
        case "sitemap":
            return _sitemap(plan, url, route.number)
        case "headers":
            return HeadersPage(url)
        case "robots":
            return RobotsPage(url, SITEMAP if SITEMAP in plan.routes else "")
        case "atom" | "rss" | "json":
            shelf = plan.shelves[route.key]
            return FeedPage(url, route.kind, shelf.url, shelf.name, tuple(_newest(plan, shelf, settings)))
    raise TypeError(route)


def _sitemap(plan: Plan, url: str, number: int) -> SitemapPage:
    """Return the `number`th sitemap; 0 is the index of several."""
    if not number:
        return SitemapPage(url, (), tuple(at for at, it in plan.routes.items() if it.kind == "sitemap" and it.number))
    pages = sorted(at for at, route in plan.routes.items() if route.kind in {"post", "list", "terms", "equations"})
    first = (number - 1) * IN_SITEMAP
    return SitemapPage(url, tuple(_in_sitemap(plan, at) for at in pages[first : first + IN_SITEMAP]))


def _in_sitemap(plan: Plan, url: str) -> SitemapEntry:
    card = card_of(plan, plan.routes[url].key)
    return SitemapEntry(url, card.path, card.updated or card.date) if card else SitemapEntry(url, "", "")


def _categories(plan: Plan, card: Card, settings: Settings) -> list[Shelf]:
    return _shelves_of(plan, "category", settings.urls.categories, card.categories)


def _tags(plan: Plan, card: Card, settings: Settings) -> list[Shelf]:
    return _shelves_of(plan, "tag", settings.urls.tags, card.tags)


def _shelves_of(plan: Plan, kind: ShelfKind, index: str, names: Iterable[str]) -> list[Shelf]:
    """Return the shelves of these terms, each once."""
    return [plan.shelves[shelf_key(kind, url)] for url in dict.fromkeys(urls.term_url(index, name) for name in names)]


def _term(shelf: Shelf) -> Term:
    return Term(shelf.name, shelf.url, len(shelf.posts))


def _entry(plan: Plan, card: Card, settings: Settings) -> Entry:
    categories = tuple(map(_term, _categories(plan, card, settings)))
    return Entry(
        *(card.path, card.url, card.title, card.date, card.description, categories),
        *(card.language, card.draft, card.math, card.image),
    )
