"""Find formulas that reach readers as TeX: they stand in a page's words, and no script is there to typeset them."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from bifolium.audit.documents import Mark

TEX = re.compile(
    r"\$\$[^\0]+?\$\$"
    r"|\\\([^\0]+?\\\)"
    r"|\\\[[^\0]+?\\\]"
    r"|\\begin\{(\w+\*?)\}[^\0]*?\\end\{\1\}"
    r"|(?<![\\$\w])\$(?=\S)[^$\0]*?[\\^_{][^$\0]*?(?<=\S)\$(?![\w$])",
    re.DOTALL,
)
"""A formula in the delimiters that TeX, MathJax and Markdown know; single ones only around something like TeX."""

_SAYS = re.compile(r"[0-9A-Za-z]")  # `$$…$$` is how one writes about delimiters
_LITERAL = frozenset("code pre script style textarea kbd samp math title template".split())
_INLINE = frozenset("a abbr b bdi cite del dfn em font i ins mark q s small span strong sub sup u wbr br".split())
_TYPESET = "katex"
_FAILED = frozenset(("math-error", "katex-error"))  # ours, and KaTeX's own
_SCRIPTS = re.compile(r"mathjax|katex|auto-render", re.IGNORECASE)
_LONGEST = 60
_HOLE = "\0"  # stands for code and typeset formulas: no formula goes over it


class _Piece(NamedTuple):
    start: int
    line: int
    column: int
    text: str


class Words:
    """Gathers the words of one block after the other, since tags such as `<em>` may cut a formula into pieces."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self.pieces: list[_Piece] = []
        self.literal: list[str] = []  # open elements whose words are no text
        self.scripted = False
        self.in_drawing = False
        self.failed = False
        self.length = 0

    def opened(self, tag: str, values: dict[str, str]) -> None:
        """Note that an element begins."""
        if tag == "svg":
            self.in_drawing = True
        classes = values.get("class", "").split()
        self.failed = self.failed or not _FAILED.isdisjoint(classes)
        if self.literal:
            self.literal += [tag] if tag == self.literal[0] else []
        elif tag in _LITERAL or (tag == "span" and _TYPESET in classes):
            self.literal.append(tag)
            self._add(_HOLE, 0, 0)
        elif tag not in _INLINE:
            self._settle()

    def closed(self, tag: str) -> None:
        """Note that an element ends."""
        if tag == "svg":
            self.in_drawing = False
        if self.literal:
            if tag == self.literal[0]:
                self.literal.pop()
        elif tag not in _INLINE:
            self._settle()

    def said(self, text: str, line: int, column: int) -> None:
        """Note words."""
        if self.failed:
            self.marks.append(_mark(text, line, column))
            self.failed = False
        if not self.literal:
            self._add(text, line, column)

    def loads(self, tag: str, url: str) -> None:
        """Note a script: one that typesets makes formulas of TeX."""
        self.scripted = self.scripted or (tag == "script" and bool(_SCRIPTS.search(url)))

    def found(self) -> tuple[Mark, ...]:
        """Return the formulas that nobody typesets."""
        self._settle()
        return () if self.scripted else tuple(self.marks)

    def _add(self, text: str, line: int, column: int) -> None:
        self.pieces.append(_Piece(self.length, line, column, text))
        self.length += len(text)

    def _settle(self) -> None:
        """Look for formulas in the block that ends here."""
        block = "".join(piece.text for piece in self.pieces)
        if "$" in block or "\\" in block:
            for found in TEX.finditer(block):
                if _SAYS.search(found[0].removeprefix(f"\\begin{{{found[1]}}}").removesuffix(f"\\end{{{found[1]}}}")):
                    self.marks.append(self._placed(found.start(), found[0]))
        self.pieces, self.length = [], 0

    def _placed(self, offset: int, text: str) -> Mark:
        piece = self.pieces[bisect_right(self.pieces, offset, key=lambda it: it.start) - 1]
        before = piece.text[: offset - piece.start]
        line = piece.line + before.count("\n")
        column = len(before) - before.rfind("\n") if "\n" in before else piece.column + len(before)
        return _mark(text, line, column)


def _mark(text: str, line: int, column: int) -> Mark:
    """Return a formula's mark, on one line and not too long."""
    whole = " ".join(text.split())
    return Mark(whole if len(whole) <= _LONGEST else whole[:_LONGEST] + "…", line, column)
