r"""The site's macro file: definitions and comments, and nothing else. Read whole, every mistake at its place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from bifolium.math.definitions import DEFINES, BadDefinition, Definition, commands, outliving, read
from bifolium.math.hints import INSTEAD, closest
from bifolium.problems import Problem

_SKIP = re.compile(r"(?:\s|%[^\n]*(?:\n|\Z))*")
_LINE = re.compile(r"[^\n%\\]+|\\[A-Za-z@]+|\\?.")
_INNER = frozenset({r"\begin", r"\end", r"\right", r"\over", r"\limits", r"\nolimits", r"\of"})
RULE = "macro"
SHORTHANDS = frozenset(
    rf"\{name}"
    for name in (
        "R N Z Reals reals natnums cnums Complex argmax argmin plim bra ket braket Bra Ket Braket set Set"
    ).split()
)
"""What KaTeX defines and LaTeX doesn't: authors define it themselves, for both."""


class Macros(NamedTuple):
    """A macro file, read: what it defines and what is wrong with it. `path` is relative to the site."""

    path: str = ""
    text: str = ""
    definitions: tuple[Definition, ...] = ()
    problems: tuple[Problem, ...] = ()


def parse(path: str, text: str, vocabulary: Collection[str] = (), built_in: Collection[str] = ()) -> Macros:
    """Return the macros of `text`. `vocabulary` is what formulas may use; `built_in` is what KaTeX itself defines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found, problems = _read_all(path, text)
    macros = Macros(path, text, tuple(found))
    problems += _doubtful(macros, vocabulary, built_in)
    return macros._replace(problems=tuple(sorted(problems)))


def unused(macros: Macros, used: Collection[str]) -> Iterator[Problem]:
    """Yield a note for each macro that no formula needs; `used` are the names of those that are needed."""
    for definition in macros.definitions:
        if definition.name not in used:
            found = _problem(macros.path, macros.text, definition.place, f"no formula uses `{definition.name}`")
            yield found._replace(severity="note", width=len(definition.name))


def _read_all(path: str, text: str) -> tuple[list[Definition], list[Problem]]:
    definitions: list[Definition] = []
    problems: list[Problem] = []
    at = 0
    while (at := _skip(text, at)) < len(text):
        try:
            definitions.append(read(text, at))
            at = definitions[-1].end
        except BadDefinition as wrong:
            is_one = DEFINES.match(text, at)
            message = wrong.message if is_one else f"expected a definition, found `{_shown(text, at)}`"
            hint = (
                wrong.hint
                if is_one
                else r"this file holds `\newcommand`, `\DeclareMathOperator`, `\def` and `\let` only"
            )
            problems.append(_problem(path, text, wrong.offset, message, hint))
            at = _next(text, at)
    return definitions, problems


def _skip(text: str, at: int) -> int:
    found = _SKIP.match(text, at)
    return found.end() if found else at


def _next(text: str, at: int) -> int:
    """Return where to read on behind a mistake: at the next definition that begins a line."""
    found = re.compile(rf"^[ \t]*(?={DEFINES.pattern})", re.MULTILINE).search(text, at + 1)
    return found.end() if found else len(text)


def _shown(text: str, at: int) -> str:
    found = _LINE.match(text, at)
    return found[0].strip()[:24] if found else ""


def _doubtful(macros: Macros, vocabulary: Collection[str], built_in: Collection[str]) -> list[Problem]:
    names = {definition.name for definition in macros.definitions}
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for definition in macros.definitions:
        problems += _redefined(macros, definition, seen, built_in)
        problems += _unknown(macros, definition, {*vocabulary, *names})
        seen.setdefault(definition.name, _line(macros.text, definition.place))
    return [*problems, *_circles(macros)]


def _redefined(
    macros: Macros, definition: Definition, seen: dict[str, int], built_in: Collection[str]
) -> Iterator[Problem]:
    name = definition.name
    is_built_in = name in built_in and name not in SHORTHANDS
    exists = name in built_in or name in seen
    if definition.kind == "renewcommand" and not exists:
        yield _at_name(macros, definition, f"`\\renewcommand` finds no `{name}` to redefine", r"write `\newcommand`")
    elif definition.kind in {"renewcommand", "providecommand"}:
        return
    elif name in seen:
        message = f"`{name}` is defined in line {seen[name]} already"
        yield _at_name(macros, definition, message, r"remove one of the two, or write `\renewcommand` if you mean it")
    elif is_built_in:
        hint = r"choose another name, or write `\renewcommand` if you mean it"
        yield _at_name(macros, definition, f"KaTeX has a `{name}` of its own, which this replaces", hint)


def _unknown(macros: Macros, definition: Definition, known: Collection[str]) -> Iterator[Problem]:
    if definition.kind in {"edef", "xdef"}:
        return
    own = {inner.name for inner in outliving(definition.body)}
    for name in sorted(commands(definition.body)):
        if not name[1:].isalpha() or name in known or name in _INNER or name in own:
            continue
        match = closest(name[1:], (word[1:] for word in known if word.startswith("\\")))
        hint = INSTEAD.get(name) or (f"did you mean `\\{match}`?" if match else "")
        found = re.search(re.escape(name) + r"(?![A-Za-z])", definition.body)
        at = definition.inside + (found.start() if found else 0)
        yield _problem(macros.path, macros.text, at, f"unknown command `{name}`", hint)._replace(width=len(name))


def _circles(macros: Macros) -> Iterator[Problem]:
    """Yield a problem for each macro that unfolds into itself, directly or by way of others."""
    bodies = {it.name: commands(it.body) for it in macros.definitions if it.kind not in {"let", "edef", "xdef"}}
    told: set[str] = set()
    for definition in macros.definitions:
        way = _way_back(definition.name, bodies)
        if way and not told & set(way):
            told |= set(way)
            via = f" by way of `{'`, `'.join(way[1:])}`" if len(way) > 1 else ""
            hint = r"a macro can't unfold into itself; keep the old meaning with `\let`"
            yield _at_name(macros, definition, f"`{definition.name}` calls itself{via}", hint)


def _way_back(name: str, bodies: dict[str, frozenset[str]]) -> list[str]:
    """Return the shortest way from a macro to itself, or nothing."""
    ways: list[list[str]] = [[name]]
    seen = set()
    for way in ways:
        for used in sorted(bodies.get(way[-1], ())):
            if used == name:
                return way
            if used not in seen and used in bodies:
                seen.add(used)
                ways.append([*way, used])
    return []


def _at_name(macros: Macros, definition: Definition, message: str, hint: str) -> Problem:
    found = _problem(macros.path, macros.text, definition.place, message, hint)
    return found._replace(width=len(definition.name))


def _problem(path: str, text: str, offset: int, message: str, hint: str = "") -> Problem:
    line = _line(text, offset)
    begin = text.rfind("\n", 0, offset) + 1
    source = text[begin:].split("\n", 1)[0]
    return Problem(path, line, offset - begin + 1, RULE, message, hint, source=source)


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
