"""The pages of a site, each with exactly what its template may see of other posts."""

from __future__ import annotations

from typing import Literal, NamedTuple

from bifolium.model.cards import Card
from bifolium.sections import FeedFormat


class Term(NamedTuple):
    """A category, tag, series or year as a page names it; `number` is that of its posts."""

    name: str
    url: str
    number: int


class Entry(NamedTuple):
    """What a list or a neighbour shows of a post."""

    path: str
    url: str
    title: str
    date: str
    description: str
    categories: tuple[Term, ...] = ()
    language: str = ""
    draft: bool = False
    math: bool = True
    image: str = ""


class Pager(NamedTuple):
    """Where a list stands among its pages, `number` of `total`; the first page has nothing `newer`."""

    number: int
    total: int
    newer: str = ""
    older: str = ""


class SeriesPart(NamedTuple):
    """The series of a post, those of its parts that are near in order, and which part (from 1) the post is.

    `first` is the number of the first of `parts`.
    """

    term: Term
    parts: tuple[Entry, ...]
    number: int
    first: int


class PostPage(NamedTuple):
    """A post or a plain page, with what it shows of others."""

    url: str
    card: Card
    categories: tuple[Term, ...] = ()
    tags: tuple[Term, ...] = ()
    newer: Entry | None = None
    older: Entry | None = None
    related: tuple[Entry, ...] = ()
    series: SeriesPart | None = None
    backlinks: tuple[Entry, ...] = ()
    more: tuple[Entry, ...] = ()


class FeedLink(NamedTuple):
    """A feed that a page offers."""

    format: FeedFormat
    url: str


class Group(NamedTuple):
    """A category with all its posts; no `term` for those without one."""

    term: Term | None
    entries: tuple[Entry, ...]


class ListPage(NamedTuple):
    """One page of a list of posts; `name` is the category's, tag's or series' name, empty for home and archive.

    `groups` are there in an overview, and `entries` are not.
    """

    url: str
    kind: Literal["home", "category", "tag", "series", "archive"]
    name: str
    entries: tuple[Entry, ...]
    pager: Pager
    feeds: tuple[FeedLink, ...] = ()
    groups: tuple[Group, ...] = ()


class TermsPage(NamedTuple):
    """The index of all categories, tags or series."""

    url: str
    kind: Literal["categories", "tags", "series"]
    terms: tuple[Term, ...]


class Citation(NamedTuple):
    """A text that refers to something."""

    path: str
    url: str
    title: str
    language: str
    math: bool


class Equation(NamedTuple):
    """A labelled equation: its text, its label, the place of its formula among the text's, and who refers to it."""

    path: str
    url: str
    title: str
    math: bool
    name: str
    number: str
    anchor: str
    formula: int
    cited_by: tuple[Citation, ...]


class EquationsPage(NamedTuple):
    """The index of all labelled equations."""

    url: str
    equations: tuple[Equation, ...]


class RedirectPage(NamedTuple):
    """A page at an old address that sends readers to `target`."""

    url: str
    target: str


class NotFoundPage(NamedTuple):
    """The page that a host shows for an address that isn't there."""

    url: str


class FeedPage(NamedTuple):
    """A feed of the newest posts: of the whole site, or of the list called `name`. `home` is the list's address."""

    url: str
    format: FeedFormat
    home: str
    name: str
    cards: tuple[Card, ...]


class SitemapEntry(NamedTuple):
    """What the sitemap says of a page: its address, when it changed, the addresses of its pictures."""

    url: str
    source: str
    changed: str
    images: tuple[str, ...] = ()


class SitemapPage(NamedTuple):
    """A sitemap: the places of the site, or the addresses of other sitemaps (`parts`) if they are too many for one."""

    url: str
    entries: tuple[SitemapEntry, ...]
    parts: tuple[str, ...] = ()


class RobotsPage(NamedTuple):
    """robots.txt, which names the sitemap if there is one."""

    url: str
    sitemap: str


class HeadersPage(NamedTuple):
    """The file by which some hosts send headers."""

    url: str


LaidOutPage = PostPage | ListPage | TermsPage | EquationsPage | RedirectPage | NotFoundPage
"""The pages that templates lay out."""

Page = LaidOutPage | FeedPage | SitemapPage | RobotsPage | HeadersPage
"""All that a template may see of the site, but for the settings. Equal pages with equal bodies give equal bytes."""
