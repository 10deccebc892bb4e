"""What templates see: the contract with everybody who writes one.

URLs in a view are final (they begin with the site's base path), dates are datetimes, texts are safe markup.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from markupsafe import Markup


class LinkView(NamedTuple):
    """A menu entry, or a category, tag or series with the number of its posts."""

    name: str
    url: str
    number: int = 0


class SiteView(NamedTuple):
    """The site, the same on every page."""

    title: str
    tagline: str
    language: str
    author: str
    home: str
    base_url: str
    feed: str
    menu: tuple[LinkView, ...]
    data: dict[str, Any]


class EntryView(NamedTuple):
    """A post in a list or beside another one. `title` is plain text; `heading` is it as HTML, formulas typeset."""

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


class SeriesView(NamedTuple):
    """The series that a post belongs to; `number` is the post's place among `parts`, from 1."""

    name: str
    url: str
    number: int
    parts: tuple[EntryView, ...]


class PostView(NamedTuple):
    """A post or a plain page (`kind` tells which).

    `heading` is the title as HTML, and `anchor` its id if the text has it as its first heading; then `content` leaves
    it out. `backlinks` are the posts that link to this one.
    """

    kind: str
    url: str
    canonical: str
    title: str
    description: str
    language: str
    authors: tuple[str, ...]
    date: datetime | None
    updated: datetime | None
    heading: Markup
    anchor: str
    content: Markup
    toc: Markup
    words: int
    minutes: int
    math: bool
    diagrams: bool
    categories: tuple[LinkView, ...]
    tags: tuple[LinkView, ...]
    newer: EntryView | None
    older: EntryView | None
    related: tuple[EntryView, ...]
    series: SeriesView | None
    backlinks: tuple[EntryView, ...]
    image: str
    draft: bool
    extra: dict[str, Any]


class YearView(NamedTuple):
    """The posts of a year; `name` is empty for undated ones."""

    name: str
    entries: tuple[EntryView, ...]


class ListView(NamedTuple):
    """One page of a list: home, category, tag, series, archive (`kind`)."""

    kind: str
    url: str
    canonical: str
    title: str
    description: str
    language: str
    math: bool
    entries: tuple[EntryView, ...]
    years: tuple[YearView, ...]
    number: int
    total: int
    newer: str
    older: str


class TermsView(NamedTuple):
    """The index of categories, tags or series (`kind`)."""

    kind: str
    url: str
    canonical: str
    title: str
    description: str
    language: str
    math: bool
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


class EquationsView(NamedTuple):
    """The index of all labelled equations, by text."""

    kind: str
    url: str
    canonical: str
    title: str
    description: str
    language: str
    math: bool
    texts: tuple[NumberedView, ...]


class PlainView(NamedTuple):
    """The 404 page, or a redirect to `target`."""

    kind: str
    url: str
    canonical: str
    title: str
    description: str
    language: str
    math: bool
    target: str = ""
