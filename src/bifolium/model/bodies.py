"""A text, rendered, and what stands in it as numbered markers: formulas, listings, pictures, links, references."""

from __future__ import annotations

from typing import Literal, NamedTuple

from bifolium.problems import Problem


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
    `number` is that of a labelled one; `caption` is the title as HTML, with markers for its formulas. `link` is the
    opening tag of a link around a lone one; `linked`: it is inside a link. `beside`: so many are in
    its row. `tag`: its author wrote it as HTML, `<img>` or `<video>`, so only attributes that it lacks are drawn.
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
    link: str = ""
    linked: bool = False
    beside: int = 1
    tag: str = ""


class Ref(NamedTuple):
    """A reference to a label: `eq:x` of this text or `tides#eq:x` of another one.

    `style` is how it reads: `1`, `(1)` or `Equation (1)`. `linked`: it isn't inside a link or a formula.
    """

    target: str
    style: Literal["number", "bracketed", "named"]
    line: int
    column: int
    linked: bool = True


class Cite(NamedTuple):
    """A reference in a formula: `word` stands in the TeX, and nowhere else in it, where its number is to be."""

    word: str
    ref: Ref


class Formula(NamedTuple):
    """TeX without its delimiters, its rows numbered; `line` and `column` are those of its first character.

    `anchors` are the ids by which references reach it, `rows` the rows of these, from 0. `phrase`: it stands where HTML
    allows no block. `defined` is how many of its fragment's definitions stand before it. `cites` are the references in
    it to other texts' labels, each with the word that stands for it in `tex`.
    """

    tex: str
    display: bool
    line: int
    column: int
    anchors: tuple[str, ...] = ()
    phrase: bool = False
    defined: int = 0
    rows: tuple[int, ...] = ()
    cites: tuple[Cite, ...] = ()


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

    S stands for what the tag of an image lacks that is the author's own.
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
    `lasting` as in Typeset. `needs` are what a security policy must allow: directives with sources.
    """

    content: Fragment
    summary: Fragment
    outline: tuple[Heading, ...] = ()
    words: int = 0
    characters: int = 0
    problems: tuple[Problem, ...] = ()
    ids: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()
    needs: tuple[tuple[str, str], ...] = ()
    lasting: bool = True


class Slip(NamedTuple):
    """Something that is wrong in a formula, and where."""

    error: str
    offset: int
    width: int


class Typeset(NamedTuple):
    """What the maths engine made of a formula: HTML, what is wrong, and where in the TeX (offset −1: nowhere; width).

    With neither HTML nor error there is nothing to see: the formula only defines macros.
    `lasting`: the same formula will always give this. A time-out isn't, so nobody should remember it. `more` is what
    else is wrong, further on.
    """

    html: str
    error: str = ""
    offset: int = -1
    width: int = 1
    lasting: bool = True
    more: tuple[Slip, ...] = ()


class Highlighted(NamedTuple):
    """What the highlighter made of a listing, and what went wrong with it, if anything; `lasting` as in Typeset."""

    html: str
    error: str = ""
    lasting: bool = True


def mark(kind: Literal["F", "C", "I", "L", "R", "S"], number: int) -> str:
    """Return the marker that stands for the `number`th value of that kind in a Fragment."""
    return f"\x02{kind}{number}\x03"
