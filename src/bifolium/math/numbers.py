r"""Number the rows of a displayed formula as LaTeX does, and find its labels. KaTeX knows neither.

A row with a `\label` gets a static `\tag{n}` in the label's place, as wide as the label was wherever that can be,
so that what stands behind it keeps its column. `\ref` and `\eqref` inside formulas become numbers in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from string import ascii_uppercase
from typing import Final, NamedTuple

from bifolium.math.rewrites import Edit, edited

ROWS: Final = frozenset("align alignat flalign gather eqnarray".split())
"""Environments that LaTeX numbers row by row."""

WHOLE: Final = frozenset("equation multline".split())
"""Environments that LaTeX gives one number."""

GROUP: Final = "subequations"
OUTER: Final = ROWS | WHOLE | {GROUP}
"""Environments that are displayed formulas by themselves; the starred forms are, too."""

_FOR_DISPLAY = re.compile(rf"\\begin\s*\{{(?:{'|'.join(sorted(OUTER))})\*?\}}|\\(?:label\s*\{{|tag(?![A-Za-z]))")

_TOKEN = re.compile(
    r"""
      (?P<comment> %[^\n]* )
    | \\(?P<fence>  begin | end ) \s* \{ (?P<name> [A-Za-z]+\*? ) \}
    | \\(?P<label>  label ) \s* \{ (?P<key> [^{}]* ) \}
    | \\(?P<ref>    eqref | ref ) \s* \{ (?P<target> [^{}]* ) \}
    | \\(?P<tag>    tag\*? ) (?![A-Za-z]) \s*
    | \\(?P<none>   notag | nonumber ) (?![A-Za-z])
    | (?P<row>      \\\\ | \\cr (?![A-Za-z]) )
    | \\[A-Za-z]+ | \\.
    | (?P<cell>     & )
    | (?P<open>     \{ )
    | (?P<close>    \} )
    """,
    re.VERBOSE | re.DOTALL,
)


class RowLabel(NamedTuple):
    """A label in a formula: its name, its row and that one's number, the offset in the TeX as its author wrote it."""

    name: str
    number: str
    offset: int
    row: int = 0


class Named(NamedTuple):
    r"""A `\ref` or `\eqref` in a formula: the label it names, its offset, and for another text's what stands for it."""

    name: str
    offset: int
    bracketed: bool
    word: str = ""


class Numbered(NamedTuple):
    """A formula with its numbers, its labels, and how many numbers it took."""

    tex: str
    labels: tuple[RowLabel, ...] = ()
    taken: int = 0


class Counting(NamedTuple):
    """How to count: the number last given, what stands before each number, and whether rows without label count."""

    last: int = 0
    prefix: str = ""
    every: bool = False

    def number(self, taken: int) -> str:
        """Return the number after `taken` more ones."""
        return f"{self.prefix}{self.last + taken + 1}"


class _Row(NamedTuple):
    """A row from `start` to `stop`, and what in it decides upon its number."""

    start: int
    stop: int
    labels: tuple[re.Match[str], ...]
    tag: str
    silenced: bool


class _Frame(NamedTuple):
    """The environment that all of a formula stands in: its name without star, and where its content is.

    A formula without one has no name and is a single row.
    """

    name: str
    starred: bool
    start: int
    stop: int


def is_for_display(tex: str) -> bool:
    """Return whether `tex` has a number, a label or rows that no formula in a line of text can have."""
    return "\\" in tex and _FOR_DISPLAY.search(tex) is not None


def number(tex: str, counting: Counting, names: tuple[str, ...] = ()) -> Numbered:
    r"""Return a displayed formula with its rows numbered. `names` are labels from outside of it, such as `{#eq:x}`."""
    outer = _frame(tex, 0, len(tex))
    if outer.name == GROUP:
        return _group(tex, outer, counting)
    edits, labels, taken = _numbers(tex, outer, counting, names)
    return Numbered(edited(tex, edits), tuple(labels), taken)


def refer(tex: str, numbers: Mapping[str, str]) -> tuple[str, list[Named]]:
    r"""Return `tex` with numbers for its `\ref`s and `\eqref`s, and what they name: another text's label has a word."""
    edits: list[Edit] = []
    named: list[Named] = []
    words = (word for word in map("".join, product("QXZJ", ascii_uppercase)) if word not in tex)
    for token in _TOKEN.finditer(tex):
        if token["ref"]:
            name, bracketed = label_name(token["target"]), token["ref"] == "eqref"
            word = next(words, "") if "#" in name else ""
            named.append(Named(name, token.start(), bracketed, word))
            found = f"\\text{{{word}}}" if word else numbers.get(name, "?")
            shown = f"{{({found})}}" if bracketed else f"{{{found}}}"
            edits.append(Edit(*token.span(), shown.ljust(len(token[0]))))
    return edited(tex, edits), named


def tags(tex: str) -> list[str]:
    r"""Return what stands beside each row of a numbered formula: `(1)`, what a `\tag*` says, or nothing."""
    return [_beside(tex, row) for row in _rows(tex, _frame(tex, 0, len(tex)))]


def _beside(tex: str, row: _Row) -> str:
    if not row.tag:
        return ""
    starred = any(token["tag"] == "tag*" for token in _TOKEN.finditer(tex, row.start, row.stop))
    return row.tag if starred else f"({row.tag})"


def label_in_line(tex: str) -> int:
    r"""Return the offset of the first `\label` or −1: a formula in a line of text can't have a number."""
    return next((token.start() for token in _TOKEN.finditer(tex) if token["label"]), -1)


def label_name(written: str) -> str:
    """Return a label's name without superfluous blanks."""
    return " ".join(written.split())


def _group(tex: str, outer: _Frame, counting: Counting) -> Numbered:
    """Return `subequations` with its rows numbered 3a, 3b; its own label, before the first environment, is 3."""
    inner = _TOKEN.search(tex, outer.start)
    own: list[re.Match[str]] = []
    while inner and not inner["fence"] and inner.start() < outer.stop:
        own += [inner] if inner["label"] else []
        inner = _TOKEN.search(tex, inner.end())
    start = inner.start() if inner else outer.stop
    frame = _frame(tex, start, outer.stop)
    edits, labels, taken = _numbers(tex, frame, Counting(0, "", every=True), ())
    number = counting.number(0)
    shown = {str(n + 1): f"{number}{_letters(n)}" for n in range(taken)}
    edits = [edit._replace(text=_renumbered(edit.text, shown)) for edit in edits]
    edits += [Edit(*match.span(), " " * len(match[0])) for match in own]
    edits += [Edit(at, to, " " * (to - at)) for at, to in ((0, outer.start), (outer.stop, len(tex)))]
    found = [RowLabel(label_name(match["key"]), number, match.start()) for match in own]
    found += [label._replace(number=shown.get(label.number, label.number)) for label in labels]
    return Numbered(edited(tex, edits), tuple(found), 1)


def _letters(number: int) -> str:
    """Return the letters of a number from 0: a, b and so on, aa after z."""
    return (_letters(number // 26 - 1) if number >= 26 else "") + chr(ord("a") + number % 26)


def _renumbered(text: str, shown: Mapping[str, str]) -> str:
    found = re.fullmatch(r"( ?)\\tag\{(\d+)\}( *)", text)
    if not found or found[2] not in shown:
        return text
    return f"{found[1]}\\tag{{{shown[found[2]]}}}".ljust(len(text))


def _frame(tex: str, start: int, stop: int) -> _Frame:
    """Return the numbering environment that is all there is between `start` and `stop`, punctuation aside."""
    first = _TOKEN.search(tex, start, stop)
    if not first or first["fence"] != "begin" or tex[start : first.start()].strip():
        return _Frame("", starred=False, start=start, stop=stop)
    name = first["name"].removesuffix("*")
    depth = 0
    for token in _TOKEN.finditer(tex, first.start(), stop):
        depth += {"begin": 1, "end": -1}.get(token["fence"] or "", 0)
        if depth == 0:
            rest = tex[token.end() : stop].strip(" \t\n.,;:。，；")
            if name in OUTER and not rest:
                return _Frame(name, first["name"] != name, first.end(), token.start())
            break
    return _Frame("", starred=False, start=start, stop=stop)


def _numbers(
    tex: str, frame: _Frame, counting: Counting, names: tuple[str, ...]
) -> tuple[list[Edit], list[RowLabel], int]:
    edits: list[Edit] = []
    labels: list[RowLabel] = []
    taken = 0
    rows = list(_rows(tex, frame))
    for place, row in enumerate(rows):
        own = [label_name(match["key"]) for match in row.labels]
        outer = names if row is rows[-1] else ()
        shown = row.tag
        if not row.tag and (own or outer or _counts(tex, row, frame, counting)):
            shown = counting.number(taken)
            taken += 1
            edits.append(_tag(tex, row, shown))
        edits += [Edit(*match.span(), " " * len(match[0])) for match in row.labels[0 if row.tag else 1 :]]
        at = [match.start() for match in row.labels]
        labels += [RowLabel(name, shown, offset, place) for name, offset in zip(own, at, strict=True)]
        labels += [RowLabel(name, shown, len(tex), place) for name in outer]
    if frame.name == "eqnarray" and (taken or any(row.tag for row in rows)):
        edits += _aligned(tex, rows)
    return edits, labels, taken


def _counts(tex: str, row: _Row, frame: _Frame, counting: Counting) -> bool:
    """Tell whether LaTeX would number a row that has neither label nor tag, and we are to do so."""
    unnumbered = frame.starred or not frame.name or row.silenced
    return counting.every and not unnumbered and bool(tex[row.start : row.stop].strip())


def _tag(tex: str, row: _Row, number: str) -> Edit:
    tag = f"\\tag{{{number}}}"
    if row.labels:
        return Edit(*row.labels[0].span(), tag.ljust(len(row.labels[0][0])))
    end = row.start + len(tex[row.start : row.stop].rstrip())
    comment = tex.rfind("%", row.start, end) > tex.rfind("\n", row.start, end)
    return Edit(end, end, f"\n{tag}" if comment else f" {tag}")


def _rows(tex: str, frame: _Frame) -> Iterator[_Row]:
    """Yield the rows of an environment, or its whole content as one row."""
    braces, depth, start = 0, 0, frame.start
    labels: list[re.Match[str]] = []
    tag, silenced = "", False
    for token in _TOKEN.finditer(tex, frame.start, frame.stop):
        match token.lastgroup:
            case "open" | "close":
                braces += 1 if token["open"] else -1
            case "key":
                labels.append(token)
            case "tag":
                tag = tag or _shown(tex, token)
            case "none":
                silenced = True
            case "row" if not (braces or depth) and frame.name in ROWS:
                yield _Row(start, token.start(), tuple(labels), tag, silenced)
                start, labels, tag, silenced = token.end(), [], "", False
            case _ if token["fence"]:
                depth += 1 if token["fence"] == "begin" else -1
    yield _Row(start, frame.stop, tuple(labels), tag, silenced)


def _shown(tex: str, tag: re.Match[str]) -> str:
    r"""Return what a `\tag{…}` says, or `?` if its braces don't close."""
    depth = 0
    for token in re.compile(r"\\.|[{}]", re.DOTALL).finditer(tex, tag.end()):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if not depth:
            return tex[tag.end() + 1 : token.start()].strip() or "?"
    return "?"


def _aligned(tex: str, rows: list[_Row]) -> Iterator[Edit]:
    """Make an `eqnarray` whose rows have numbers an `align`: the second `&` of each row goes."""
    for fence in _TOKEN.finditer(tex):
        if fence["fence"] and fence["name"].startswith("eqnarray"):
            yield Edit(*fence.span("name"), "align")
    for row in rows:
        depth, cells = 0, 0
        for token in _TOKEN.finditer(tex, row.start, row.stop):
            opens = token["open"] or token["fence"] == "begin"
            depth += 1 if opens else -1 if token["close"] or token["fence"] == "end" else 0
            cells += bool(token["cell"] and not depth)
            if cells == 2 and token["cell"] and not depth:
                yield Edit(*token.span(), " ")
