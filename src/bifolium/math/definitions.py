r"""Macros as TeX defines them: read where they are written, and chosen for the formulas that use them.

A definition made in a formula is seen by the later formulas of its post, as in MathJax, unless it stands in braces.
What a formula sees travels with it as text, so the key under which a formula is remembered says all about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from bifolium.math.prepare import prepare

KINDS: Final = (
    "newcommand",
    "renewcommand",
    "providecommand",
    "DeclareMathOperator",
    "def",
    "gdef",
    "edef",
    "xdef",
    "let",
)
AT_ONCE: Final = frozenset({"let", "edef", "xdef", "providecommand"})
"""What takes its meaning when it is defined; the others look up the commands in their body when they are used."""

DEFINES = re.compile(rf"\\(?P<kind>{'|'.join(KINDS)})(?![A-Za-z@])")
COMMANDS = re.compile(r"\\(?:[A-Za-z@]+|.)", re.DOTALL)
_TOKEN = re.compile(rf"(?P<comment>%[^\n]*)|{DEFINES.pattern}|(?P<long>\\global(?![A-Za-z@]))|\\.|[{{}}]", re.DOTALL)
_BLANKS = re.compile(r"(?:\s|%[^\n]*(?:\n|\Z))*")
_NAME = re.compile(r"\\(?:[A-Za-z@]+|[^A-Za-z])")
_BRACES = re.compile(r"\\.|%[^\n]*|[{}\]]", re.DOTALL)
_ARITY = re.compile(r"\s*([0-9])\s*")
_PLACE = re.compile(r"#+([^#]|\Z)", re.DOTALL)


class Definition(NamedTuple):
    r"""A macro: `arity` counts the optional argument, whose preset is `preset`, too; `body` is `source[at:]`'s inside.

    `name` begins with `\`; `source` is the whole definition, made ready for KaTeX. `start`, `place` and `inside` are
    the offsets of the definition, its name and its body in the text it was read from, which it leaves at `end`.
    """

    name: str
    kind: str
    arity: int
    preset: str | None
    parameters: str
    body: str
    source: str
    start: int
    place: int
    inside: int
    end: int


class BadDefinition(ValueError):  # noqa: N818 (it is said to authors, not to programmers)
    """What is wrong with a definition, the offset of that, and how to mend it."""

    def __init__(self, message: str, offset: int, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.hint = hint


def read(text: str, start: int) -> Definition:
    """Return the definition at `start`; raise BadDefinition if it isn't one."""
    found = DEFINES.match(text, start)
    if not found:
        raise BadDefinition("expected a definition", start)
    kind = found["kind"]
    reader = _Reader(text, found.end())
    if kind.endswith("command") or kind == "DeclareMathOperator":
        return _command(reader, kind, start)
    return _let(reader, start) if kind == "let" else _def(reader, kind, start)


def outliving(tex: str) -> Iterator[Definition]:
    """Yield what a formula defines for those after it: not what stands in braces, unless it is global."""
    depth, at, lasting = 0, 0, False
    while found := _TOKEN.search(tex, at):
        at = found.end()
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if found["kind"]:
            try:
                definition = read(tex, found.start())
            except BadDefinition:  # KaTeX tells what is wrong with it
                continue
            at = definition.end
            if depth <= 0 or lasting or found["kind"] in {"gdef", "xdef"}:
                yield definition
        lasting = bool(found["long"])


class Lexicon:
    """Definitions in their order, later ones winning, and which of them a formula uses."""

    def __init__(self, definitions: Sequence[Definition]) -> None:
        self.definitions = tuple(definitions)
        self.places: dict[str, list[int]] = {}
        for at, definition in enumerate(self.definitions):
            self.places.setdefault(definition.name, []).append(at)

    def needed(self, names: Iterable[str]) -> tuple[Definition, ...]:
        """Return the definitions that the commands `names` use, and those that these use, in order."""
        everything = len(self.definitions)
        waiting = [(name, everything) for name in names if name in self.places]
        done = set(waiting)
        chosen = set()
        while waiting:
            name, before = waiting.pop()
            at = max((place for place in self.places[name] if place < before), default=-1)
            if at < 0:
                continue
            chosen.add(at)
            for more in self._used(at, everything):
                if more[0] in self.places and more not in done:
                    done.add(more)
                    waiting.append(more)
        return tuple(self.definitions[at] for at in sorted(chosen))

    def _used(self, at: int, everything: int) -> Iterator[tuple[str, int]]:
        definition = self.definitions[at]
        at_once = definition.kind in AT_ONCE
        for name in commands(definition.body + (definition.preset or "")):
            yield name, everything
            if at_once:
                yield name, at
        if at_once or definition.kind == "renewcommand":
            yield definition.name, at


@lru_cache(maxsize=4096)
def commands(tex: str) -> frozenset[str]:
    r"""Return the commands that stand in `tex`, such as `\frac`."""
    return frozenset(COMMANDS.findall(tex)) if "\\" in tex else frozenset()


@lru_cache(maxsize=512)
def known(source: str) -> Definition:
    """Return the definition whose `source` this is."""
    return read(source, 0)


class _Reader:
    """Reads what a definition is made of, from one place of a text on."""

    def __init__(self, text: str, at: int) -> None:
        self.text = text
        self.at = at

    def blanks(self) -> None:
        found = _BLANKS.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def eat(self, sign: str) -> bool:
        """Tell whether `sign` stands here, and go behind it."""
        self.blanks()
        eaten = self.text.startswith(sign, self.at)
        self.at += len(sign) * eaten
        return eaten

    def name(self) -> tuple[str, int]:
        r"""Return the command here, in braces or not, and its offset."""
        braced = self.eat("{")
        self.blanks()
        place = self.at
        found = _NAME.match(self.text, place)
        if not found or found[0] in {"\\{", "\\}"}:
            raise BadDefinition(
                "expected a command to define, such as `\\foo`", place, "a macro's name begins with `\\`"
            )
        self.at = found.end()
        if braced and not self.eat("}"):
            message = f"the name of a macro has letters only, found `{self.text[self.at : self.at + 1]}`"
            raise BadDefinition(message, self.at, "leave out digits, `_` and `-`")
        return found[0], place

    def inside(self, opening: str, closing: str) -> tuple[int, int]:
        """Return where the group that opens here begins and ends; go behind it."""
        self.blanks()
        start = self.at + 1
        if not self.text.startswith(opening, self.at):
            found = self.text[self.at : self.at + 1]
            said = f"found `{found}`" if found.strip() else "found nothing"
            raise BadDefinition(f"expected the macro's meaning in braces, {said}", self.at)
        depth = 0
        for found_ in _BRACES.finditer(self.text, start):
            if found_[0] == closing and depth == 0:
                self.at = found_.end()
                return start, found_.start()
            depth += {"{": 1, "}": -1}.get(found_[0], 0)
        raise BadDefinition(f"the `{opening}` here is never closed", start - 1, f"close it with `{closing}`")


def _command(reader: _Reader, kind: str, start: int) -> Definition:
    reader.eat("*")
    name, place = reader.name()
    arity, preset = 0, None
    if kind != "DeclareMathOperator":
        arity, preset = _arity(reader)
    inside, end = reader.inside("{", "}")
    body = reader.text[inside:end]
    _check_places(body, inside, arity, name)
    return _made(reader, (name, kind, arity, preset, ""), (start, place, inside, end))


def _arity(reader: _Reader) -> tuple[int, str | None]:
    reader.blanks()
    if not reader.text.startswith("[", reader.at):
        return 0, None
    begin, end = reader.inside("[", "]")
    written = reader.text[begin:end]
    number = _ARITY.fullmatch(written)
    if not number:
        raise BadDefinition(f"expected the number of arguments, from 0 to 9, found `{written}`", begin)
    reader.blanks()
    if not reader.text.startswith("[", reader.at):
        return int(number[1]), None
    place = reader.at
    begin, end = reader.inside("[", "]")
    if number[1] == "0":
        raise BadDefinition("an optional argument is one of the arguments, and there are 0", place, "write `[1]`")
    return int(number[1]), reader.text[begin:end]


def _def(reader: _Reader, kind: str, start: int) -> Definition:
    name, place = reader.name()
    begin = reader.at
    stop = reader.text.find("{", begin)
    if stop < 0:
        raise BadDefinition("expected the macro's meaning in braces, found nothing", begin)
    parameters = reader.text[begin:stop].strip()
    numbers = [match[1] for match in _PLACE.finditer(parameters)]
    if numbers != [str(n + 1) for n in range(len(numbers))]:
        message = f"the arguments must be `#1`, `#2` … in order, found `{parameters}`"
        raise BadDefinition(message, begin)
    reader.at = stop
    inside, end = reader.inside("{", "}")
    _check_places(reader.text[inside:end], inside, len(numbers), name)
    return _made(reader, (name, kind, len(numbers), None, parameters), (start, place, inside, end))


def _let(reader: _Reader, start: int) -> Definition:
    name, place = reader.name()
    reader.eat("=")
    reader.blanks()
    inside = reader.at
    found = _NAME.match(reader.text, inside)
    end = found.end() if found else inside + 1
    if inside >= len(reader.text) or reader.text[inside:end] in {"{", "}"}:
        raise BadDefinition(f"expected what `{name}` is to be", min(inside, len(reader.text)))
    reader.at = end
    return _made(reader, (name, "let", 0, None, ""), (start, place, inside, end))


def _check_places(body: str, inside: int, arity: int, name: str) -> None:
    r"""Raise BadDefinition if the body uses an argument that there is not; `##` is the sign itself."""
    for found in re.finditer(r"\\.|%[^\n]*|##|#(.?)", body, re.DOTALL):
        number = found[1]
        if number is None or (number.isdecimal() and 0 < int(number) <= arity):
            continue
        takes = f"takes {arity} argument{'s' * (arity != 1)}" if arity else "takes no arguments"
        hint = r"the sign itself is `\#`" if not number.isdecimal() else f"declare it: `[{number}]`"
        raise BadDefinition(f"`{name}` {takes}, and here is `#{number}`", inside + found.start(), hint)


def _made(
    reader: _Reader, what: tuple[str, str, int, str | None, str], places: tuple[int, int, int, int]
) -> Definition:
    name, kind, arity, preset, parameters = what
    start, place, inside, end = places
    source = prepare(reader.text[start : reader.at])
    body = reader.text[inside:end]
    return Definition(name, kind, arity, preset, parameters, body, source, start, place, inside, reader.at)
