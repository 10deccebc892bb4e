"""What a check must know of a finished page: what it refers to and what can be referred to, each with its place."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["link", "shown", "named"]


class Mark(NamedTuple):
    """A text of a page, with the line and the column (from 1) at which its tag begins."""

    text: str
    line: int
    column: int


class Reference(NamedTuple):
    """An address in a page. Readers follow a `link`, browsers load what is `shown`, programs read what is `named`."""

    url: str
    kind: Kind
    line: int
    column: int


class Heading(NamedTuple):
    """A heading, with its words."""

    level: int
    text: str
    line: int
    column: int


class Document(NamedTuple):
    """A finished page. `about` holds what `<meta>` and `<link rel=canonical>` tell programs, by name.

    `mute` are pictures without words, `tex` what stands there as a formula's source. `base` is that of `<base>`,
    `feeds` are the addresses that it offers to feed readers.
    """

    path: str
    titles: tuple[Mark, ...] = ()
    ids: tuple[Mark, ...] = ()
    references: tuple[Reference, ...] = ()
    headings: tuple[Heading, ...] = ()
    about: dict[str, Mark] = {}  # noqa: RUF012 (never assigned to: values are immutable by agreement)
    mute: tuple[Mark, ...] = ()
    tex: tuple[Mark, ...] = ()
    redirect: Reference | None = None
    base: str = ""
    feeds: tuple[str, ...] = ()

    @property
    def hidden(self) -> bool:
        """Tell whether search engines, and so also lists of pages, are to leave it out."""
        robots = self.about.get("robots")
        return bool(robots and "noindex" in robots.text) or self.path == "404.html"
