"""What templates see: the contract with everybody who writes one.

URLs in a view are final (they begin with the site's base path), dates are datetimes, texts are safe markup.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from markupsafe import Markup

_NOTHING = Markup()


class LinkView(NamedTuple):
    """A menu entry, or a category, tag or series with the number of its posts."""

    name: str
    url: str
    number: int = 0


class FeedView(NamedTuple):
    """A feed of the site or of a list; `type` is its media type, `format` how people call it."""

    format: str
    type: str
    title: str
    url: str


class LogoView(NamedTuple):
    """The picture before the site's name; `width` and `height` are 0 if nobody knows them."""

    url: str
    width: int
    height: int


class IconView(NamedTuple):
    """A picture of the site for tabs and home screens: attributes of a `link` element, some empty."""

    rel: str
    type: str
    sizes: str
    url: str


class CommentsView(NamedTuple):
    """Comments: who shows them, the attributes of its script, and where they all are."""

    service: str
    script: Mapping[str, str]
    url: str


class SourceView(NamedTuple):
    """Where a text's source is to be seen, each address empty if nobody said."""

    view: str = ""
    history: str = ""
    edit: str = ""


_NOWHERE = SourceView()


class SiteView(NamedTuple):
    """The site, the same on every page; `origin` is the beginning of whole addresses: `site.origin ~ page.url`.

    `equations` is the address of their index, if there is one. `footer` and `analytics` are HTML. `dates` is how it
    writes dates, empty if as its language does. `search` is the address of the index for search, if there is one.
    """

    title: str
    tagline: str
    language: str
    author: str
    home: str
    base_url: str
    origin: str
    feed: str
    feeds: tuple[FeedView, ...]
    menu: tuple[LinkView, ...]
    equations: str
    data: dict[str, Any]
    social: tuple[LinkView, ...] = ()
    logo: LogoView | None = None
    icons: tuple[IconView, ...] = ()
    manifest: str = ""
    footer: str = ""
    analytics: str = ""
    licence: LinkView | None = None
    comments: CommentsView | None = None
    dates: str = ""
    search: str = ""


class EntryView(NamedTuple):
    """A post in a list or beside another one. `title` is plain text; `heading` is it as HTML, formulas typeset.

    `thumbnail` is the element of a small picture, where a list shows some.
    """

    url: str
    title: str
    date: datetime | None
    description: str
    summary: Markup
    categories: tuple[LinkView, ...]
    language: str
    draft: bool
    minutes: int
    heading: Markup
    thumbnail: Markup = Markup()


class SeriesView(NamedTuple):
    """The series that a post belongs to; the post is the `number`th of `total` parts, from 1.

    Of a long series, `parts` are those near the post; the first of them is the `first`th.
    """

    name: str
    url: str
    number: int
    total: int
    first: int
    parts: tuple[EntryView, ...]


@dataclass(frozen=True)
class PageView:
    """What the views of all pages have in common; `math`: formulas are shown. `feeds` are its own, not the site's.

    `trail` are the pages above it, from the front page on; `policy` is its content security policy, if it has one.
    """

    kind: str
    url: str
    canonical: str
    title: str
    description: str
    language: str
    math: bool
    feeds: tuple[FeedView, ...] = field(default=(), kw_only=True)
    image: str = field(default="", kw_only=True)
    trail: tuple[LinkView, ...] = field(default=(), kw_only=True)
    policy: Markup = field(default=_NOTHING, kw_only=True)


@dataclass(frozen=True)
class PostView(PageView):
    """A post or a plain page (`kind` tells which).

    `heading` is the title as HTML, and `anchor` its id if the text has it as its first heading; then `content` leaves
    it out. `backlinks` are the posts that link to this one, `more` some others of its category. `comments`: the author
    has nothing against them. `share` are links by which readers share it; the one by mail has no name.
    """

    authors: tuple[str, ...] = ()
    date: datetime | None = None
    updated: datetime | None = None
    heading: Markup = _NOTHING
    anchor: str = ""
    content: Markup = _NOTHING
    toc: Markup = _NOTHING
    words: int = 0
    minutes: int = 1
    diagrams: bool = False
    categories: tuple[LinkView, ...] = ()
    tags: tuple[LinkView, ...] = ()
    newer: EntryView | None = None
    older: EntryView | None = None
    related: tuple[EntryView, ...] = ()
    series: SeriesView | None = None
    backlinks: tuple[EntryView, ...] = ()
    draft: bool = False
    comments: bool = True
    more: tuple[EntryView, ...] = ()
    share: tuple[LinkView, ...] = ()
    source: SourceView = _NOWHERE
    extra: Mapping[str, Any] = field(default_factory=dict)


class YearView(NamedTuple):
    """The posts of a year; `name` is empty for undated ones."""

    name: str
    entries: tuple[EntryView, ...]


class GroupView(NamedTuple):
    """A category with all its posts; `name` and `url` are empty for posts without one."""

    name: str
    url: str
    entries: tuple[EntryView, ...]


@dataclass(frozen=True)
class ListView(PageView):
    """One page of a list: home, category, tag, series, archive (`kind`); `groups` are there in an overview only."""

    entries: tuple[EntryView, ...]
    years: tuple[YearView, ...]
    number: int
    total: int
    newer: str
    older: str
    groups: tuple[GroupView, ...] = ()


@dataclass(frozen=True)
class TermsView(PageView):
    """The index of categories, tags or series (`kind`)."""

    terms: tuple[LinkView, ...]


class CitationView(NamedTuple):
    """A text that refers to an equation; `heading` is its title as HTML."""

    url: str
    heading: Markup
    language: str


class NumberView(NamedTuple):
    """A number of an equation: where it stands, and who refers to it."""

    name: str
    number: str
    url: str
    cited_by: tuple[CitationView, ...]


class EquationView(NamedTuple):
    """A displayed formula with labels, one for each of its numbers."""

    formula: Markup
    numbers: tuple[NumberView, ...]


class NumberedView(NamedTuple):
    """The labelled equations of a text."""

    url: str
    heading: Markup
    language: str
    equations: tuple[EquationView, ...]


@dataclass(frozen=True)
class EquationsView(PageView):
    """The index of all labelled equations, by text."""

    texts: tuple[NumberedView, ...]


@dataclass(frozen=True)
class PlainView(PageView):
    """The 404 page, or a redirect to `target`."""

    target: str = ""
