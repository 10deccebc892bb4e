"""What one text gathers while it is read and written: problems, and the values behind the markers."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from typing import Any

from markdown_it.token import Token

from bifolium.markdown.attributes import Attributes
from bifolium.markdown.places import Places
from bifolium.math.definitions import DEFINES, outliving
from bifolium.math.prepare import prepare
from bifolium.model import Formula, Fragment, Image, Label, Link, Listing, Ref, mark
from bifolium.problems import Problem, Severity

Env = MutableMapping[str, Any]


class Sheet:
    """A text's lines, the problems found in it, the attribute lists that it names, and its labels.

    The labels of equations stand with their formulas' tokens.
    """

    def __init__(self, places: Places) -> None:
        self.places = places
        self.problems: list[Problem] = []
        self.attributes: dict[str, Attributes] = {}
        self.labels: list[tuple[Label, Token | None]] = []

    def report(
        self,
        spot: tuple[int, int],
        rule: str,
        message: str,
        hint: str = "",
        severity: Severity = "warning",
        width: int = 1,
    ) -> None:
        """Note a problem at `spot`, the file's line and column, that takes `width` characters."""
        source = self.places.line_at(spot)
        self.problems.append(Problem("", *spot, rule, message, hint, severity, source, width))


class Holes:
    """The values that a fragment's markers stand for, numbered in the order in which they are written.

    A summary is written with the definitions that its text's formulas made before.
    """

    def __init__(self, definitions: tuple[str, ...] = ()) -> None:
        self._definitions = list(definitions)
        self._links: list[Link] = []
        self._images: list[Image] = []
        self._formulas: list[Formula] = []
        self._listings: list[Listing] = []
        self._refs: list[Ref] = []
        self._numbers: dict[int, int] = {}
        self._kept: list[Token] = []  # so that no other token gets the id of one that is gone

    def link(self, link: Link) -> str:
        """Return the marker of a new link target."""
        self._links.append(link)
        return mark("L", len(self._links) - 1)

    def image(self, image: Image) -> str:
        """Return the marker of a new picture; within a tag that its author wrote, of what this lacks."""
        self._images.append(image)
        return mark("S" if image.tag else "I", len(self._images) - 1)

    def listing(self, listing: Listing) -> str:
        """Return the marker of a new block of code."""
        self._listings.append(listing)
        return mark("C", len(self._listings) - 1)

    def formula(self, token: Token) -> str:
        """Return the marker of a token's formula: the same each time, as a heading's stands in the outline too."""
        self._kept.append(token)
        number = self._numbers.setdefault(id(token), len(self._formulas))
        if number == len(self._formulas):
            line, column = token.meta["place"]
            anchors, rows = token.meta.get("anchors", ()), token.meta.get("rows", ())
            phrase, cites = bool(token.meta.get("phrase")), token.meta.get("cites", ())
            defined = self._defined_before(token)
            made = Formula(token.content, token.block, line, column, anchors, phrase, defined, rows, cites)
            self._formulas.append(made)
            self._refs += [cite.ref for cite in cites]
        return mark("F", number)

    def _defined_before(self, token: Token) -> int:
        """Return how many definitions a formula sees, and take up its own."""
        if "defined" not in token.meta:
            token.meta["defined"] = len(self._definitions)
            if _may_define(token.content):
                self._definitions += [it.source for it in outliving(prepare(token.content))]
        return int(token.meta["defined"])

    def reference(self, ref: Ref) -> str:
        """Return the marker of a new reference."""
        self._refs.append(ref)
        return mark("R", len(self._refs) - 1)

    def labels(self, found: Iterable[tuple[Label, Token | None]]) -> tuple[Label, ...]:
        """Return labels with the numbers of their formulas; one that is shown nowhere has none."""
        return tuple(label._replace(formula=self._numbers.get(id(token), -1)) for label, token in found)

    def fragment(self, html: str) -> Fragment:
        """Return `html` with the values of its markers."""
        return Fragment(
            html,
            tuple(self._links),
            tuple(self._images),
            tuple(self._formulas),
            tuple(self._listings),
            tuple(self._refs),
            tuple(self._definitions) if self._formulas else (),
        )


def _may_define(tex: str) -> bool:
    """Return whether a formula may define something; invisible characters could hide the word."""
    return not tex.isascii() or DEFINES.search(tex) is not None


def sheet_of(env: Env) -> Sheet:
    """Return the sheet of the text that is being read."""
    sheet = env["sheet"]
    assert isinstance(sheet, Sheet)
    return sheet


def holes_of(env: Env) -> Holes:
    """Return the holes of the fragment that is being written."""
    holes = env["holes"]
    assert isinstance(holes, Holes)
    return holes
