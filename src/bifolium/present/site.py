"""What every template sees of the site: its name, its menu, its data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bifolium import comments, urls
from bifolium.model import FeedLink
from bifolium.plan import Plan, feeds_of
from bifolium.present.around import licence
from bifolium.sections import FeedFormat
from bifolium.settings import Settings
from bifolium.shelves import shelf_key
from bifolium.templating import frozen
from bifolium.views import CommentsView, FeedView, LinkView, SiteView

NAMES: Mapping[FeedFormat, str] = {"atom": "Atom", "rss": "RSS", "json": "JSON Feed"}
TYPES: Mapping[FeedFormat, str] = {
    "atom": "application/atom+xml",
    "rss": "application/rss+xml",
    "json": "application/feed+json",
}


def site_view(
    plan: Plan, settings: Settings, data: Mapping[str, object], words: Mapping[str, str], at: Callable[[str], str]
) -> SiteView:
    """Return what every template sees of the site."""
    feeds = feed_views(
        feeds_of(plan, plan.shelves[shelf_key("home", settings.urls.home)], settings), settings.title, at
    )
    return SiteView(
        title=settings.title,
        tagline=settings.tagline,
        language=settings.language,
        author=settings.author,
        home=at(settings.urls.home),
        base_url=settings.base_url.rstrip("/"),
        origin=settings.base_url.rstrip("/").removesuffix(urls.base_path(settings.base_url)),
        feed=feeds[0].url if feeds else "",
        feeds=feeds,
        menu=tuple(_menu(plan, settings, words, at)),
        equations=at(plan.equations) if plan.equations else "",
        data=frozen(data),
        social=tuple(LinkView(item.title, at(item.url)) for item in settings.social),
        footer=settings.theme.footer,
        analytics=settings.theme.analytics,
        licence=licence(settings) if settings.licence else None,
        comments=_comments(settings),
        dates=settings.theme.dates,
        search=at(urls.SEARCH) if settings.search.enabled else "",
    )


def _comments(settings: Settings) -> CommentsView | None:
    service = settings.comments.service
    url = comments.address(settings.comments)
    return None if service == "none" else CommentsView(service, comments.attributes(settings), url)


def feed_views(feeds: Iterable[FeedLink], title: str, at: Callable[[str], str]) -> tuple[FeedView, ...]:
    """Return feeds as pages offer them."""
    return tuple(FeedView(NAMES[it.format], TYPES[it.format], title, at(it.url)) for it in feeds)


def _menu(plan: Plan, settings: Settings, words: Mapping[str, str], at: Callable[[str], str]) -> Iterable[LinkView]:
    if settings.menu is not None:
        yield from (LinkView(item.title, at(item.url)) for item in settings.menu)
        return
    for name in ("archive", "categories", "tags", "series"):
        if (url := getattr(settings.urls, name)) in plan.routes:
            yield LinkView(words[name], at(url))
    top = (card for card in plan.pages.values() if card.url.strip("/").count("/") == 0 and card.url != "/")
    for card in sorted(top, key=lambda card: (card.weight, card.title))[:6]:
        yield LinkView(card.title, at(card.url))
