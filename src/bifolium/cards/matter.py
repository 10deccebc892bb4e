"""The front matter of one source, to be asked key by key; what is wrong piles up, so that all is reported at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from bifolium.cards import keys, values
from bifolium.cards.values import Wrong
from bifolium.frontmatter import Field, Fields, Source
from bifolium.problems import Place, Problem

T = TypeVar("T")
D = TypeVar("D")


class Matter:
    """A source's fields under our names. `rest` are those that only templates may know."""

    def __init__(self, source: Source, defaults: Fields = {}) -> None:  # noqa: B006 (nobody writes to it)
        self.source = source
        self._known, self.rest, doubtful = keys.sort(source)
        self._problems = list(doubtful)
        if defaults:
            known, rest, _ = keys.sort(source._replace(fields=defaults))
            silent = {key for key in known if not any(it in self._known for it in keys.twins(key))}
            self._known = {**{key: known[key] for key in silent}, **self._known}
            self.rest = {**rest, **self.rest}

    def get(self, key: str, convert: Callable[[Field], T | Wrong], default: D) -> T | D:
        """Return the value of `key`, or `default` if it isn't there, is left empty, or is wrong."""
        if not self.has(key):
            return default
        name, field = self._known[key]
        value = convert(field)
        if not isinstance(value, Wrong):
            return value
        if value.field.place.line:  # what is wrong in the settings is told there, once
            message = f"found {values.shown(value.field)} for `{name}`, {value.expected}"
            self.tell(self.source.problem(value.field.place, "wrong-value", message, value.hint))
        return default

    def has(self, key: str) -> bool:
        """Tell whether `key` is there and says something, right or wrong."""
        return key in self._known and not values.is_nothing(self._known[key].field)

    def name(self, key: str) -> str:
        """Return the name by which the author called `key`, or nothing."""
        return self._known[key].name if key in self._known else ""

    def place(self, key: str) -> Place:
        """Return where the value of `key`, which is there, stands."""
        return self._known[key].field.place

    def comment_after(self, key: str) -> Place | None:
        """Return the place of the comment right after the value of `key`, if there is one."""
        if key not in self._known or not self._known[key].field.plain or not self._known[key].field.place.line:
            return None
        place = self._known[key].field.place
        rest = self.source.line(place.line)[place.column - 1 + place.width :]
        comment = rest.strip()
        if not comment.startswith("#"):
            return None
        return Place(place.line, place.column + place.width + len(rest) - len(rest.lstrip()), len(comment))

    def tell(self, problem: Problem) -> None:
        """Keep a problem, to be reported with all others."""
        self._problems.append(problem)

    def told(self) -> tuple[Problem, ...]:
        """Return the problems in the order of their places; what was asked for twice is told once."""
        return tuple(sorted(dict.fromkeys(self._problems), key=lambda problem: problem[1:3]))
