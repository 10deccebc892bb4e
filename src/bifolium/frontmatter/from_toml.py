"""TOML to raw fields: `tomllib` reads, and scalars become texts again."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from bifolium import dates
from bifolium.frontmatter.escapes import damage
from bifolium.frontmatter.fields import Block, Field, Fields
from bifolium.problems import Place, Problem
from bifolium.toml_places import KeyPlaces, Keys, mistake, places

_DEEPEST = 20
_MOST_DOTS = 100
_LARGEST = 64  # bits
_NAME = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_NAMES = rf"{_NAME}(?:[ \t]*\.[ \t]*{_NAME})*"
_HEADER = re.compile(rf"[ \t]*\[\[?[ \t]*({_NAMES})[ \t]*\]")
_PAIR = re.compile(rf"[ \t]*({_NAMES})[ \t]*=[ \t]*")
_DOTTED = re.compile(r"""[^\w.\-"' \t]+""")


class _Number(str):
    """A float as it was written: `1.10` stays `1.10`."""

    __slots__ = ()


def fields(block: Block) -> Fields | tuple[Problem, ...]:
    """Return the fields of a block of TOML, or its problems."""
    hostile = _hostile(block)
    if hostile:
        return (hostile,)
    try:
        table = tomllib.loads(block.text, parse_float=_Number)
        found = places(block.text, block.first_line)
    except tomllib.TOMLDecodeError as wrong:
        return (_syntax_problem(wrong, block),)
    except (ValueError, RecursionError):
        return (block.problem(Place(2, 1), "toml", "a number or a nesting is too large to be read"),)
    problems = tuple(_problems(block, table, found, ()))
    return problems or _mapping(table, found, ())


def _hostile(block: Block) -> Problem | None:
    """Refuse a name of a hundred parts: `tomllib` takes quadratic time for it (19 s for 64 kB)."""
    for number, line in enumerate(block.lines, block.first_line):
        if line.count(".") > _MOST_DOTS and any(run.count(".") > _MOST_DOTS for run in _DOTTED.split(line)):
            return block.problem(Place(number, 1), "toml", f"a name of more than {_MOST_DOTS} parts")
    return None


def _place_of(found: Mapping[Keys, KeyPlaces], keys: Keys) -> KeyPlaces:
    """Return the places of a name and its value, or of the nearest one above it."""
    while keys and keys not in found:
        keys = keys[:-1]
    return found.get(keys, KeyPlaces(Place(2, 1), Place(2, 1)))


def _mapping(table: Mapping[str, Any], found: Mapping[Keys, KeyPlaces], keys: Keys) -> Fields:
    return {name: _field(value, found, (*keys, name)) for name, value in table.items()}


def _field(value: Any, found: Mapping[Keys, KeyPlaces], keys: Keys) -> Field:
    key, place = _place_of(found, keys)
    if isinstance(value, dict):
        return Field(_mapping(value, found, keys), place._replace(width=1), key)
    if isinstance(value, list):
        items = (_field(item, found, (*keys, number)) for number, item in enumerate(value))
        return Field(tuple(item._replace(key=key) for item in items), place._replace(width=1), key)
    return Field(_text(value), place, key, plain=not isinstance(value, str) or isinstance(value, _Number))


def _text(value: Any) -> str:
    """Return a scalar as its author may have written it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return str(value)


def _problems(block: Block, value: Any, found: Mapping[Keys, KeyPlaces], keys: Keys) -> Iterator[Problem]:
    """Yield what TOML lets pass and we don't: too deep a nesting, and characters that no text may hold."""
    place = _place_of(found, keys).value
    if len(keys) > _DEEPEST:
        yield block.problem(place, "toml", f"lists and tables are nested more than {_DEEPEST} deep")
    elif isinstance(value, int) and value.bit_length() > _LARGEST:
        yield block.problem(place, "toml", "this number is too large")
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _problems(block, item, found, (*keys, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _problems(block, item, found, (*keys, number))
    elif isinstance(value, str) and (spoilt := damage(value, block.line(place.line)[place.column - 1 :], place)):
        yield block.problem(*spoilt)


def _syntax_problem(wrong: tomllib.TOMLDecodeError, block: Block) -> Problem:
    """Return the problem for a mistake that `tomllib` found; it stops at the first one."""
    said, at = mistake(wrong, block.text)
    line = block.lines[at.line - 1]
    place = at._replace(line=at.line + block.first_line - 1)
    if said.startswith(("Cannot overwrite", "Cannot declare", "Cannot mutate")):
        return _given_twice(block, place)
    if open_ended := _not_closed(block, place, said):
        return open_ended
    pair = _PAIR.match(line)
    name = pair[1] if pair else "name"
    value = line[place.column - 1 :].strip()
    place = place._replace(width=max(1, len(value))) if said.startswith("Invalid") else place
    message, hint = _words(said, name, value, line)
    return block.problem(place, "toml", message, hint)


def _given_twice(block: Block, place: Place) -> Problem:
    """Return the problem for a name that was set before; `tomllib` notices it when the value has ended."""
    number, found = _statement(block, place.line)
    if not found:
        return block.problem(place, "duplicate-key", "this is given a second time", "delete one of the two")
    where = Place(number, found.start(1) + 1, len(found[1]))
    return block.problem(where, "duplicate-key", f"`{found[1]}` is given a second time", "delete one of the two")


def _statement(block: Block, number: int) -> tuple[int, re.Match[str] | None]:
    """Return the line where the statement begins that goes on in line `number`, and its name."""
    for above in range(number, block.first_line - 1, -1):
        line = block.line(above)
        found = _PAIR.match(line) or _HEADER.match(line)
        if found:
            return above, found
    return number, None


def _not_closed(block: Block, place: Place, said: str) -> Problem | None:
    """Return the problem for a quote or bracket that is never closed, at the value that it begins."""
    at_end = said == "Invalid value" and not block.line(place.line)[place.column - 1 :].strip()
    if not at_end and not said.startswith(("Unclosed", "Unterminated", "Expected \"'", "Illegal character '\\n'")):
        return None
    number, found = _statement(block, place.line)
    opening = block.line(number)[found.end() : found.end() + 1] if found else ""
    if not found or opening not in _NOT_CLOSED:
        return None
    message, hint = _NOT_CLOSED[opening]
    return block.problem(Place(number, found.end() + 1), "toml", message, hint)


def _words(said: str, name: str, value: str, line: str) -> tuple[str, str]:
    """Return message and hint for what `tomllib` said."""
    if said.startswith("Invalid date"):
        moment = re.match(r"[\d:TZ+. -]+", value)
        wrong = dates.parse(moment[0].strip() if moment else value, UTC)
        return f"`{value}` is no date", wrong if isinstance(wrong, str) else ""
    if said.startswith("Invalid value") and value:
        return f"`{value}` is no TOML value", f'a text needs quotes: `{name} = "{value}"`'
    if said.startswith("Expected '=' after a key"):
        found = re.match(r"\s*([\w-]+)\s*:\s*(.*?)\s*$", line)
        hint = f"write `{found[1]} = {_quoted(found[2])}`" if found else 'write `name = "value"`'
        return "expected `=` after the name", hint + "; between `---` and `---` this would be YAML" * bool(found)
    if said.startswith("Unescaped '\\'"):
        return "a single `\\` between double quotes", "put the text between single quotes, or write `\\\\`"
    known = {start: words for start, words in _WORDS.items() if said.startswith(start)}
    return next(iter(known.values()), (said[:1].lower() + said[1:].replace("'", "`"), ""))


def _quoted(value: str) -> str:
    return value if value[:1] in {'"', "'", "["} else f'"{value}"'


_NOT_CLOSED = {
    "[": ("this list is not closed, or a comma is missing", 'a list is written `["one", "two"]`'),
    "{": ("this table is not closed, or a comma is missing", "a table is written `{a = 1, b = 2}`"),
    '"': ('the quote " is never closed', 'a text of several lines stands between `"""` and `"""`'),
    "'": ("the quote ' is never closed", "a text of several lines stands between `'''` and `'''`"),
}
"""How a value begins that has no end, and what we say."""

_WORDS = {
    "Invalid value": ("expected a value", 'a text is written `"…"`, a list `["…", "…"]`'),
    "Invalid statement": ("expected `name = value`", ""),
    "Duplicate inline table key": ("a name is given twice between `{` and `}`", "delete one of the two"),
    "Unterminated string": ("a quote is never closed", ""),
    "Expected newline": (
        "something follows after the end of the value",
        "one name and value a line; texts need quotes",
    ),
    "Expected ']": ("the name of a table is not closed", "a table begins with a line `[name]`"),
}
"""How what `tomllib` says begins, and what we say."""
