"""Lists of posts, and posts as others show them."""

from __future__ import annotations

from itertools import chain, groupby

from markupsafe import Markup

from bifolium import figures
from bifolium.figures import Shown, View
from bifolium.model import Body, Entry, Group, ListPage
from bifolium.present.presenter import Presenter, has_math, minutes, moment
from bifolium.present.site import feed_views
from bifolium.views import EntryView, GroupView, LinkView, ListView, YearView

THUMBNAIL = 168  # CSS pixels, at most 30 % of the column; the theme's
MANY = 30_000  # entries that are kept for the next page, of about 2 kB
PLURALS = {"category": "categories", "tag": "tags", "series": "series"}


def list_view(presenter: Presenter, page: ListPage) -> ListView:
    """Return the view of one page of a list, its entries also by year."""
    full = page.kind != "archive"
    groups = tuple(_group(presenter, group) for group in page.groups)
    entries = tuple(entry_view(presenter, entry, summary=full, first=not at) for at, entry in enumerate(page.entries))
    years = groupby(entries, key=lambda entry: str(entry.date.year) if entry.date else "")
    return ListView(
        page.kind,
        *presenter.heads(page.url, page.name),
        math=has_math(
            chain(
                (part for entry in entries for part in (entry.heading, entry.summary)),
                (entry.heading for group in groups for entry in group.entries),
            )
        ),
        entries=entries,
        years=tuple(YearView(name, tuple(of_year)) for name, of_year in years),
        number=page.pager.number,
        total=page.pager.total,
        newer=presenter.at(page.pager.newer) if page.pager.newer else "",
        older=presenter.at(page.pager.older) if page.pager.older else "",
        trail=_trail(presenter, page.kind),
        feeds=feed_views(page.feeds, f"{page.name} · {presenter.settings.title}", presenter.at),
        groups=groups,
    )


def _group(presenter: Presenter, group: Group) -> GroupView:
    entries = tuple(entry_view(presenter, entry) for entry in group.entries)
    return (
        GroupView(group.term.name, presenter.at(group.term.url), entries) if group.term else GroupView("", "", entries)
    )


def _trail(presenter: Presenter, kind: str) -> tuple[LinkView, ...]:
    """Return what leads to a list: the front page, and the index of its kind."""
    plural = PLURALS.get(kind)
    if not plural:
        return () if kind == "home" else presenter.trail()
    words = presenter.words(presenter.settings.language)
    return presenter.trail(LinkView(words[plural], presenter.at(getattr(presenter.settings.urls, plural))))


def entry_view(presenter: Presenter, entry: Entry, *, summary: bool = False, first: bool = False) -> EntryView:
    """Return a post as others show it; with its summary and picture only where a list asks for them."""
    known, key = presenter.shown, (entry, summary, first)
    if key not in known:
        if len(known) >= MANY:
            known.clear()
        known[key] = _entry_view(presenter, entry, summary=summary, first=first)
    return known[key]


def _entry_view(presenter: Presenter, entry: Entry, *, summary: bool, first: bool) -> EntryView:
    body = presenter.material.bodies[entry.path] if summary else None
    text = presenter.text(entry.path, body.summary, entry.url) if body else Markup()
    if body and not text:
        text = presenter.title(entry.description, entry.math)
    return EntryView(
        url=presenter.at(entry.url),
        title=presenter.plain(entry.title, entry.math),
        date=moment(entry.date),
        description=presenter.plain(entry.description, entry.math),
        summary=text,
        categories=tuple(map(presenter.link, entry.categories)),
        language=entry.language,
        draft=entry.draft,
        minutes=minutes(body) if body else 0,
        heading=presenter.title(entry.title, entry.math),
        thumbnail=_thumbnail(presenter, entry, body, first=first) if body else Markup(),
    )


def _thumbnail(presenter: Presenter, entry: Entry, body: Body, *, first: bool) -> Markup:
    """Return the small picture of a post, which says nothing that the title beside it doesn't."""
    found = presenter.emblem(entry.path, entry.image, body) if presenter.settings.images.thumbnails else None
    if not found or not found.picture.width:
        return Markup()
    view = View(found.url, found.picture, {"alt": ""}, first, linked=True)
    element = figures.drawn(view, Shown(presenter.settings.images, presenter.at, sizes=figures.sizes(THUMBNAIL, 0.3)))
    return Markup(element)  # noqa: S704 (made of addresses and numbers)
