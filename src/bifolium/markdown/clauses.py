"""A snippet's text as a tree: what stands between `{% if … %}`, `{% else %}` and `{% endif %}` is inside of it."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from bifolium.markdown.liquid import EITHER, LiquidError

DEEPEST: Final = 50
"""So many blocks may stand in each other."""
_BLOCKS: Final = {
    "if": ("elsif", "else"),
    "unless": ("elsif", "else"),
    "case": ("when", "else"),
    "for": ("else",),
    "capture": (),
}
_OPAQUE: Final = {name: re.compile(rf"\{{%-?\s*end{name}\s*-?%\}}") for name in ("raw", "comment")}
_INNER: Final = frozenset(f"end{name}" for name in _BLOCKS) | {"elsif", "else", "when"}


class Clause(NamedTuple):
    """A part of a block, such as that from `{% elsif … %}` on: its name, the rest of its tag, and what it holds."""

    name: str
    rest: str
    parts: list[Part]


class Part(NamedTuple):
    """Text as it is, or a tag, or a block with its clauses; `source` is all of it."""

    source: str
    tag: re.Match[str] | None = None
    clauses: tuple[Clause, ...] = ()


class Tree(NamedTuple):
    """What a snippet holds, and what is wrong with its blocks."""

    parts: list[Part]
    wrong: list[LiquidError]


def parse(text: str) -> Tree:
    """Return the tree of `text`; a block without an end goes on to the end of the text."""
    reader = _Reader(text)
    reader.read()
    return Tree(reader.root.parts, reader.wrong)


class _Reader:
    def __init__(self, text: str) -> None:
        self.root = Clause("", "", [])
        self.wrong: list[LiquidError] = []
        self._text = text
        self._open: list[tuple[re.Match[str], list[Clause]]] = []
        self._inside = self.root

    def read(self) -> None:
        at, trims = 0, False
        for tag in EITHER.finditer(self._text):
            if tag.start() < at:
                continue  # within what is raw, or a comment
            self._say(self._text[at : tag.start()], after_dash=trims, before_dash=tag[0][2] == "-")
            at, trims = tag.end(), tag[0][-3] == "-"
            if tag[1] in _OPAQUE:
                end = _OPAQUE[tag[1]].search(self._text, at)
                if tag[1] == "raw":
                    self._say(self._text[at : end.start() if end else len(self._text)], after_dash=trims)
                at = end.end() if end else len(self._text)
            else:
                self._take(tag)
        self._say(self._text[at:], after_dash=trims)
        while self._open:
            name = self._open[-1][0][1]
            self.wrong.append(LiquidError(f"`{{% {name} %}}` has no end", f"write `{{% end{name} %}}` behind it"))
            self._close(len(self._text))

    def _say(self, text: str, *, after_dash: bool, before_dash: bool = False) -> None:
        text = text.lstrip() if after_dash else text
        if text := text.rstrip() if before_dash else text:
            self._inside.parts.append(Part(text))

    def _take(self, tag: re.Match[str]) -> None:
        if tag[1] in _BLOCKS and len(self._open) >= DEEPEST:
            self.wrong.append(LiquidError(f"`{{% {tag[1]} %}}` stands in {DEEPEST} others", "take them apart"))
            self._inside.parts.append(Part(tag[0]))
        elif tag[1] in _BLOCKS:
            self._inside = Clause(tag[1], tag[2], [])
            self._open.append((tag, [self._inside]))
        elif tag[1] not in _INNER:
            self._inside.parts.append(Part(tag[0], tag))
        elif self._open and tag[1] == f"end{self._open[-1][0][1]}":
            self._close(tag.end())
        elif self._open and tag[1] in _BLOCKS[self._open[-1][0][1]]:
            self._inside = Clause(tag[1], tag[2], [])
            self._open[-1][1].append(self._inside)
        else:
            self.wrong.append(LiquidError(f"`{{% {tag[1]} %}}` has no beginning", "take it out, or begin its block"))
            self._inside.parts.append(Part(tag[0]))

    def _close(self, end: int) -> None:
        tag, clauses = self._open.pop()
        self._inside = self._open[-1][1][-1] if self._open else self.root
        self._inside.parts.append(Part(self._text[tag.start() : end], tag, tuple(clauses)))
