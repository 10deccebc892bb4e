"""Where the keys of a TOML text stand: `tomllib` gives values without places, and a mistake has one.

Settings and front matter both need it. `places` finds its way through a text that is valid TOML already.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from bifolium.problems import Place

Keys = tuple[str | int, ...]
"""The way to a value: names of tables and keys, numbers of list items."""

_WHERE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_TOKEN = re.compile(
    r'(?P<text>"{3}(?:\\[\s\S]|[^\\])*?"{3,5}|\'{3}[\s\S]*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\')'
    r"|(?P<skip>[ \t\r]+|\#[^\n]*)|(?P<end>\n)|(?P<mark>[\[\]{}=,.])|(?P<bare>[^\s\[\]{}=,.\"'\#]+)"
)


class KeyPlaces(NamedTuple):
    """Where a key stands, and its value; a table's value stands where its name does."""

    key: Place
    value: Place


class _Token(NamedTuple):
    kind: str
    text: str
    start: int


def places(text: str, first_line: int = 1) -> dict[Keys, KeyPlaces]:
    """Return where every key of `text`, which is valid TOML and begins in line `first_line` of its file, stands."""
    return _Walk(text, first_line).walk()


def mistake(found: tomllib.TOMLDecodeError, text: str) -> tuple[str, Place]:
    """Return what `tomllib` says of the first mistake in `text`, and where that is."""
    said = str(found)
    where = _WHERE.search(said)
    if where and where[1]:
        return said[: where.start()], Place(int(where[1]), int(where[2]))
    return said[: where.start()] if where else said, place_of(text, len(text.rstrip()))


def place_of(text: str, offset: int, width: int = 1) -> Place:
    """Return the line and column of the character at `offset`."""
    return Place(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset), width)


class _Walk:
    """One walk over a text: where it is, and what it has found."""

    def __init__(self, text: str, first_line: int) -> None:
        self.tokens = [_Token(m.lastgroup or "", m[0], m.start()) for m in _TOKEN.finditer(text)]
        self.tokens = [*(token for token in self.tokens if token.kind != "skip"), _Token("end", "", len(text))]
        self.lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self.first_line = first_line
        self.at = 0
        self.found: dict[Keys, KeyPlaces] = {}
        self.items: dict[Keys, int] = {}

    def walk(self) -> dict[Keys, KeyPlaces]:
        table: Keys = ()
        while self.at < len(self.tokens):
            if self._next_is("end"):
                self.at += 1
            elif self._next_is("mark", "["):
                table = self._header()
            else:
                self._pair(table)
        return self.found

    def _header(self) -> Keys:
        """Read `[a.b]` or `[[a.b]]`; the latter begins another item of a list."""
        brackets = self._skip_all("[")
        names = list(self._names())
        self._skip_all("]")
        within = self._below((), names[:-1])
        last, place = names[-1]
        table = (*within, last)
        self.found.setdefault(table, KeyPlaces(place, place))
        if brackets == 2:
            self.items[table] = self.items.get(table, -1) + 1
        if table in self.items:
            table = (*table, self.items[table])
            self.found.setdefault(table, KeyPlaces(place, place))
        return table

    def _pair(self, table: Keys) -> None:
        """Read `a.b = value`."""
        names = list(self._names())
        within = self._below(table, names[:-1])
        self.at += 1  # the equals sign
        last, place = names[-1]
        keys = (*within, last)
        self.found[keys] = KeyPlaces(place, self._value(keys))

    def _value(self, keys: Keys) -> Place:
        """Read a value, and what is inside it; return where it stands."""
        first = self.tokens[self.at]
        if first.text == "[":
            self._list(keys)
        elif first.text == "{":
            self._inline_table(keys)
        else:
            while not self._next_is("end") and self.tokens[self.at].text not in {",", "]", "}"}:
                self.at += 1
        last = self.tokens[self.at - 1]
        start = self._place(first)
        width = last.start + len(last.text) - first.start
        return start._replace(width=width if self._place(last).line == start.line and "\n" not in first.text else 1)

    def _list(self, keys: Keys) -> None:
        self.at += 1
        number = 0
        while self._has_item("]"):
            place = self._value((*keys, number))
            self.found[(*keys, number)] = KeyPlaces(place, place)
            number += 1
        self.at += 1

    def _inline_table(self, keys: Keys) -> None:
        self.at += 1
        while self._has_item("}"):
            self._pair(keys)
        self.at += 1

    def _names(self) -> Iterator[tuple[str, Place]]:
        """Read the parts of a dotted key; numbers such as `1.2` have come apart at the dots, as they should."""
        while True:
            token = self.tokens[self.at]
            name = next(iter(tomllib.loads(token.text + "=0"))) if token.kind == "text" else token.text
            yield name, self._place(token)
            self.at += 1
            if not self._next_is("mark", "."):
                return
            self.at += 1

    def _below(self, table: Keys, names: list[tuple[str, Place]]) -> Keys:
        """Return the way to the table `names` below `table`: of a list of tables it is the latest."""
        for name, place in names:
            table = (*table, name)
            self.found.setdefault(table, KeyPlaces(place, place))
            if table in self.items:
                table = (*table, self.items[table])
        return table

    def _place(self, token: _Token) -> Place:
        line = bisect_right(self.lines, token.start)
        return Place(line + self.first_line - 1, token.start - self.lines[line - 1] + 1, len(token.text))

    def _next_is(self, kind: str, text: str = "") -> bool:
        token = self.tokens[self.at]
        return token.kind == kind and text in {"", token.text}

    def _skip_all(self, text: str) -> int:
        before = self.at
        while self._next_is("mark", text):
            self.at += 1
        return self.at - before

    def _has_item(self, close: str) -> bool:
        """Go over commas and line ends; tell whether an item follows, or the bracket that closes."""
        while self._next_is("end") or self._next_is("mark", ","):
            self.at += 1
        return not self._next_is("mark", close)
