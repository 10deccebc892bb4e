"""Front matter as its author wrote it: texts and their places, no guesses about what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from bifolium.problems import Place, Problem


class Flaw(NamedTuple):
    """What is wrong at a place, before anybody knows in which file."""

    place: Place
    rule: str
    message: str
    hint: str = ""


class Field(NamedTuple):
    """A value and where it stands. Scalars are texts; `plain` ones (not quoted) may mean true, 12 or nothing at all.

    `key` is the place of its name; in a list, that of the list's.
    """

    value: str | tuple[Field, ...] | dict[str, Field]
    place: Place
    key: Place
    plain: bool = False


Fields = dict[str, Field]


class Source(NamedTuple):
    """A file, decoded and cut in two: `head` is everything before `text`, with the fences."""

    path: str
    head: str
    fields: Fields
    text: str

    @property
    def first_line(self) -> int:
        """The line of the file where `text` starts."""
        return self.head.count("\n") + 1

    def problem(self, place: Place, rule: str, message: str, hint: str = "") -> Problem:
        """Return an error at `place`, with its line to draw."""
        return error_at(self.path, self.line(place.line), place, rule, message, hint)

    def line(self, number: int) -> str:
        """Return the line of that number in the file."""
        return (self.head + self.text).split("\n", number)[number - 1]


@dataclass(frozen=True)
class Block:
    """A text to parse, and the line of its file where it starts: mostly right below the opening fence."""

    path: str
    text: str
    first_line: int = 2

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines of the text, the first of them being the file's line `first_line`."""
        return tuple(self.text.split("\n"))

    def problem(self, place: Place, rule: str, message: str, hint: str = "") -> Problem:
        """Return an error at `place`, with its line of the block to draw."""
        return error_at(self.path, self.line(place.line), place, rule, message, hint)

    def line(self, number: int) -> str:
        """Return the line of that number in the file, or nothing if the block hasn't got it."""
        index = number - self.first_line
        return self.lines[index] if 0 <= index < len(self.lines) else ""


def error_at(path: str, line: str, place: Place, rule: str, message: str, hint: str = "") -> Problem:
    """Return an error at `place` of the line whose text is `line`."""
    return Problem(path, *place[:2], rule, message, hint, "error", line, place.width)
