"""The values that the phases hand to one another. No behaviour, no disk, no clock.

A Post is split into its Card (all that other posts may know about it) and its text, so editing a text
leaves the Plan as it was. A Body is made from the text alone; what it needs from the rest of the site
(links, pictures) and from slow engines (formulas, code) stands in it as numbered markers.
"""

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


class Measured(NamedTuple):
    """Width and height in CSS pixels as a browser shows the picture (0: unknown), and what is wrong with its file."""

    width: int
    height: int
    problem: str = ""


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


class Post(NamedTuple):
    """A source file, read: what others may know, its Markdown, and the line of the file where that starts."""

    card: Card
    text: str
    first_line: int
    problems: tuple[Problem, ...] = ()


class Link(NamedTuple):
    """Where a link points, as its author wrote it (percent-encoded), and where it stands in the text.

    A wiki link's target is in its brackets: `[[tides#ebb]]`. `embeds`: what is there is shown in the page.
    `width` is the number of characters that a problem of it underlines.
    """

    target: str
    line: int
    column: int
    embeds: bool = False
    width: int = 1


class Image(NamedTuple):
    """A picture as its author wrote it; the whole element is drawn at layout, when its file is known.

    `attributes` are (name, value) pairs, unescaped. `lone`: it is all of its paragraph, so it becomes a figure.
    `number` is that of a labelled one; `caption` is the title as HTML, with markers for its formulas.
    """

    target: str
    alt: str
    title: str
    attributes: tuple[tuple[str, str], ...]
    lone: bool
    line: int
    column: int
    width: int = 1
    number: str = ""
    caption: str = ""


class Formula(NamedTuple):
    """TeX without its delimiters, its rows numbered; `line` and `column` are those of its first character.

    `anchors` are the ids by which references reach it. `phrase`: it stands where HTML allows no block.
    `defined` is how many of its fragment's definitions stand before it.
    """

    tex: str
    display: bool
    line: int
    column: int
    anchors: tuple[str, ...] = ()
    phrase: bool = False
    defined: int = 0


class Label(NamedTuple):
    """A place that can be referred to by `name`: a function of the text, as its number is.

    `anchor` is its id in the page. `text` is a heading's text or a caption; `formula` is the place of an equation's
    formula in its body's content, −1 for others; `cited`: another formula of the text refers to it.
    A kind is added by giving `Label`s of it, and its word (`ref_KIND`) in the theme's words.
    """

    name: str
    kind: str
    number: str
    anchor: str
    text: str
    line: int
    column: int
    formula: int = -1
    cited: bool = False


class Ref(NamedTuple):
    """A reference to a label: `eq:x` of this text or `tides#eq:x` of another one.

    `style` is how it reads: `1`, `(1)` or `Equation (1)`. `linked`: it isn't inside a link already.
    """

    target: str
    style: Literal["number", "bracketed", "named"]
    line: int
    column: int
    linked: bool = True


class Listing(NamedTuple):
    """A block of code. `marked` are line numbers from 1; `numbered` is the first line's number or 0.

    `compared`: lines begin with `+` (new), `-` (old) or a blank, which is no part of the code.
    """

    code: str
    language: str
    title: str
    marked: tuple[int, ...]
    numbered: int
    line: int
    column: int
    compared: bool = False


class Heading(NamedTuple):
    """An entry of the outline. `html` has the markers of its body's content; `text` is plain (TeX for formulas)."""

    level: int
    id: str
    html: str
    text: str


class Fragment(NamedTuple):
    """HTML with holes: `mark("F", 3)` stands for `formulas[3]`, C, I, L, R for listings, images, links' targets, refs.

    A marker is STX, letter, number, ETX. Source text can't hold these characters, so a marker can't be forged.
    `definitions` are the macros that the formulas define, in the text's order.
    """

    html: str = ""
    links: tuple[Link, ...] = ()
    images: tuple[Image, ...] = ()
    formulas: tuple[Formula, ...] = ()
    listings: tuple[Listing, ...] = ()
    refs: tuple[Ref, ...] = ()
    definitions: tuple[str, ...] = ()


class Body(NamedTuple):
    """A text, rendered: a function of the text and the Markdown options, of nothing else.

    `problems` have no path, and lines that count from the file's top. `words` leaves out those of `characters`:
    ideographs, kana and Hangul, which are counted one by one. `ids` are what a link's `#…` can lead to.
    `lasting` as in Typeset.
    """

    content: Fragment
    summary: Fragment
    outline: tuple[Heading, ...] = ()
    words: int = 0
    characters: int = 0
    problems: tuple[Problem, ...] = ()
    ids: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()
    lasting: bool = True


class Typeset(NamedTuple):
    """What the maths engine made of a formula: HTML, what is wrong, and where in the TeX (offset −1: nowhere; width).

    With neither HTML nor error there is nothing to see: the formula only defines macros.
    `lasting`: the same formula will always give this. A time-out isn't, so nobody should remember it.
    """

    html: str
    error: str = ""
    offset: int = -1
    width: int = 1
    lasting: bool = True


class Highlighted(NamedTuple):
    """What the highlighter made of a listing, and what went wrong with it, if anything; `lasting` as in Typeset."""

    html: str
    error: str = ""
    lasting: bool = True


def mark(kind: Literal["F", "C", "I", "L", "R"], number: int) -> str:
    """Return the marker that stands for the `number`th value of that kind in a Fragment."""
    return f"\x02{kind}{number}\x03"


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


class Pager(NamedTuple):
    """Where a list stands among its pages, `number` of `total`; the first page has nothing `newer`."""

    number: int
    total: int
    newer: str = ""
    older: str = ""


class SeriesPart(NamedTuple):
    """The series of a post, all its parts in order, and which of them (from 1) the post is."""

    term: Term
    parts: tuple[Entry, ...]
    number: int


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


class ListPage(NamedTuple):
    """One page of a list of posts; `name` is the category's, tag's or series' name, empty for home and archive."""

    url: str
    kind: Literal["home", "category", "tag", "series", "archive"]
    name: str
    entries: tuple[Entry, ...]
    pager: Pager


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
    """The Atom feed of the newest posts."""

    url: str
    cards: tuple[Card, ...]


class TextPage(NamedTuple):
    """The sitemap (its URLs with their dates) or robots.txt (the sitemap's URL)."""

    url: str
    kind: Literal["sitemap", "robots"]
    lines: tuple[tuple[str, str], ...]


Page = PostPage | ListPage | TermsPage | EquationsPage | RedirectPage | NotFoundPage | FeedPage | TextPage
"""All that a template may see of the site, but for the settings. Equal pages with equal bodies give equal bytes."""
