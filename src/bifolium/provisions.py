"""What is wrong with what the settings provide for, and only the whole site can tell.

Redirects to nowhere or in a circle, feeds of lists that there aren't, defaults that no text could have.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from bifolium import cards, claims, config, urls
from bifolium.config.convert import Fault
from bifolium.plan import Plan
from bifolium.problems import Problem
from bifolium.site import Site

_OTHERS = ("assets/", urls.SEARCH.lstrip("/"))
"""Folders whose files have no address in the plan: those of the theme, and the index for search."""


def provided(site: Site, plan: Plan) -> Iterator[Problem]:
    """Yield what is wrong, at its line of the settings."""
    defaults = tuple(_wrong_defaults(site))
    doubtful = (*_lost(site, plan), *_circles(site, plan), *_no_lists(site, plan))
    yield from config.placed(site.folder, defaults)
    yield from (it._replace(severity="warning") for it in config.placed(site.folder, doubtful))


def _wrong_defaults(site: Site) -> Iterator[Fault]:
    for number, given in enumerate(site.settings.defaults):
        for name, wrong in cards.wrong_defaults(given):
            yield Fault(("defaults", number, "values", name), "wrong-value", wrong.message, wrong.hint)


def _lost(site: Site, plan: Plan) -> Iterator[Fault]:
    """Yield the redirects to addresses of this site where nothing is."""
    outputs = {claims.output_of(url, route) for url, route in plan.routes.items()} if site.settings.redirects else ()
    for old, new in site.settings.redirects.items():
        path = urlsplit(new).path
        places = {urls.output_path(path), urls.output_path(f"{path}/"), urls.file_path(path)}
        if new.startswith("/") and places.isdisjoint(outputs) and not urls.file_path(path).startswith(_OTHERS):
            message = f"`{old}` leads to `{new}`, where nothing is"
            yield Fault(("redirects", old), "missing-target", message, "write where its page stands now")


def _circles(site: Site, plan: Plan) -> Iterator[Fault]:
    """Yield each circle of redirects once, at the first of its lines."""
    told: set[str] = set()
    for old in site.settings.redirects:
        way = list(_way(urls.alias(old), plan))
        if way[-1] == way[0] and len(way) > 1 and told.isdisjoint(way):
            yield Fault(("redirects", old), "redirect-loop", f"this leads round: {' → '.join(map(unquote, way))}")
            told.update(way)


def _way(start: str, plan: Plan) -> Iterator[str]:
    """Yield the addresses to which redirects lead from `start`, until one is no redirect or was there before."""
    seen: set[str] = set()
    at = start
    while at not in seen:
        yield at
        seen.add(at)
        route = plan.routes.get(at)
        if route is None or route.kind != "redirect":
            return
        at = urls.alias(route.key) if urls.alias(route.key) in plan.routes else route.key
    yield at


def _no_lists(site: Site, plan: Plan) -> Iterator[Fault]:
    """Yield the feeds of lists that there aren't."""
    lists = {shelf.url for shelf in plan.shelves.values()}
    for url in site.settings.feeds.at:
        if url not in lists and urls.explicit(url) not in lists:
            yield Fault(("feeds", "at", url), "missing-target", f"there is no list at `{url}`", at="key")
