"""What an old Jekyll folder holds, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

Role = Literal["post", "draft", "page", "document", "file", "template", "stray"]
"""What Jekyll makes of a file. A document belongs to a collection; a template is a page of Liquid, not of Markdown;
a stray is not published."""

Kind = Literal["home", "categories", "tags", "archive", "feed", "rss", "search", "sitemap", "robots", "missing", ""]
"""A list of ours that a page made by Liquid was; none if it was something else."""


class Old(NamedTuple):
    """An old folder: `paths` are all of its files, `texts` the bytes of those that may have front matter."""

    config: bytes
    paths: tuple[str, ...]
    texts: Mapping[str, bytes]


class Item(NamedTuple):
    """A file of the old site: its role, its address (empty if it had none), and its front matter and text.

    `whose` is the collection of a document, or the folders above `_posts` of a post.
    """

    path: str
    role: Role
    url: str = ""
    matter: Mapping[str, Any] = {}
    text: str = ""
    whose: str = ""


class Sorted(NamedTuple):
    """The old site's files: what we take as texts and files, what Liquid made that we make ourselves, and the rest."""

    taken: tuple[Item, ...]
    made: tuple[tuple[Kind, Item], ...]
    left: tuple[Item, ...]


class Note(NamedTuple):
    """One thing about the move. `what` is of the old site; `how` says what became of it, or what to do about it."""

    kind: Literal["done", "todo"]
    what: str
    how: str


class Move(NamedTuple):
    """A move: the new settings as a table and as a file, the notes, and the old sources that the new site has."""

    table: Mapping[str, Any]
    toml: str
    notes: tuple[Note, ...]
    items: tuple[Item, ...]
