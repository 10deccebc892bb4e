"""The site's files, and what is read of them: a post is split into its card and its text."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from bifolium.problems import Problem


class Stamp(NamedTuple):
    """What the disk says of a file without opening it: bytes, nanoseconds, inode."""

    size: int
    mtime: int
    ctime: int
    inode: int


Tree = dict[str, Stamp]
"""The site's files: path relative to the site's folder, with `/`, to its stamp."""


class Card(NamedTuple):
    """All that other posts may know about a post. Its first field sorts: tuple order is site order.

    `order` is (0 if dated else 1, −seconds since 1970, weight, path), so newest first, undated last.
    `path` is the source file, relative to the site; `url` starts with `/` and is percent-encoded.
    `date` and `updated` are RFC 3339 with seconds and offset (`2026-11-23T08:00:00+08:00`), or empty.
    """

    order: tuple[int, float, int, str]
    path: str
    kind: Literal["post", "page"]
    url: str
    title: str
    date: str = ""
    updated: str = ""
    slug: str = ""
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    series: str = ""
    weight: int = 0
    language: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    image: str = ""
    layout: str = ""
    aliases: tuple[str, ...] = ()
    draft: bool = False
    toc: bool | None = None
    math: bool = True
    comments: bool = True
    extra: dict[str, Any] = {}  # noqa: RUF012 (never assigned to: values are immutable by agreement)


class Spot(NamedTuple):
    """What of a text decides where its links lead, and those that lead to it: another title moves nothing."""

    path: str
    url: str
    slug: str = ""
    image: str = ""
    language: str = ""


Placed = Card | Spot


class Post(NamedTuple):
    """A source file, read: what others may know, its Markdown, and the line of the file where that starts."""

    card: Card
    text: str
    first_line: int
    problems: tuple[Problem, ...] = ()
