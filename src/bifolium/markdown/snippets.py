"""A snippet of the site filled in: values, other snippets, conditions, loops over what is at hand, what it assigns.

https://jekyllrb.com/docs/includes/. Here all is text: a snippet becomes Markdown or HTML after it is filled in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from bifolium.markdown import liquid
from bifolium.markdown.clauses import Clause, Part, parse
from bifolium.markdown.conditions import holds, is_one_of, said
from bifolium.markdown.liquid import BETWEEN, LONGEST, OPERAND, OUTPUT, SNIPPET, VALUE, Liquid, LiquidError

MOST: Final = 500
"""So many snippets a text may include, those in snippets counted, and rounds of loops."""
BEGINS: Final = re.compile(r"""=["'](?:\{\{[^{}]{0,100}\}\})?\Z""")
"""Where an attribute's value begins."""
_TARGET: Final = re.compile(rf"""{BEGINS.pattern}|\]\(\Z""")
_PARAMETER = re.compile(rf"([A-Za-z_][\w-]*)=({OPERAND})")
_LOOP = re.compile(
    rf"([A-Za-z_][\w-]*)\s+in\s+(?:\(({OPERAND})\s*\.\.\s*({OPERAND})\)|({VALUE}))((?:\s+(?:reversed|limit:\s*\d+))*)"
)
_LISTS: Final = frozenset(("page.tags", "page.categories"))


class Filled(NamedTuple):
    """A snippet's text, and what is wrong in it."""

    text: str
    wrong: tuple[LiquidError, ...] = ()


def expand(rest: str, given: Liquid) -> Filled:
    """Return the snippet that `{% include … %}` names, with its own values filled in; raises LiquidError."""
    filler = _Filler(dict(given.values), given, (), [MOST, 10 * LONGEST])
    filler.include(rest)
    return Filled("".join(filler.out), tuple(filler.wrong.values()))


class _Filler:
    """Fills one snippet; those that it includes have a filler of their own, which writes into the same text.

    `budget` is how many snippets and rounds, and how many characters, there may still be.
    """

    def __init__(self, values: dict[str, str], site: Liquid, around: tuple[str, ...], budget: list[int]) -> None:
        self.out: list[str] = []
        self.wrong: dict[str, LiquidError] = {}
        self._values, self._site, self._around, self._budget = values, site, around, budget
        self._snippets = dict(site.snippets)

    def include(self, rest: str) -> None:
        """Write the snippet that a tag names; raises LiquidError."""
        name = liquid.snippet_name(rest)
        if name not in self._snippets:
            hint = "snippets are files in the folder that `folders.includes` names"
            raise LiquidError(f"there is no snippet `{name}`", hint)
        self._budget[0] -= 1
        if name in self._around or self._budget[0] < 0:
            raise LiquidError(f"the snippet `{name}` includes itself, or too many others", "take the circle out")
        given = {f"include.{key}": said(value, self._values) for key, value in _PARAMETER.findall(rest)}
        inner = {key: value for key, value in self._values.items() if not key.startswith("include.")}
        filler = _Filler(inner | given | {SNIPPET: ""}, self._site, (*self._around, name), self._budget)
        filler.out, filler.wrong = self.out, self.wrong
        tree = parse(self._snippets[name])
        filler.fill(tree.parts)
        for wrong in tree.wrong:
            filler.tell(wrong)

    def fill(self, parts: Sequence[Part]) -> None:
        """Write text as it is, and what tags and values stand for; or themselves with a problem."""
        for part in parts:
            if not part.tag:
                self._write(part.source)
                continue
            try:
                self._fill_block(part.clauses) if part.clauses else self._fill_tag(part.tag)
            except LiquidError as wrong:
                self._write(part.source if self.tell(wrong) else "")

    def tell(self, wrong: LiquidError) -> bool:
        """Note what is wrong, and in which snippet; return whether it is new: a loop would tell it each time."""
        message, hint = wrong.args
        where = f" (in the snippet `{self._around[-1]}`)" if self._around and "snippet" not in message else ""
        told = f"{message}{where}"
        is_new = told not in self.wrong
        self.wrong.setdefault(told, LiquidError(told, hint))
        return is_new

    def _write(self, text: str) -> None:
        self._budget[1] -= len(text)
        if self._budget[1] >= 0:
            self.out.append(text.replace(BETWEEN, ""))

    def _fill_tag(self, tag: re.Match[str]) -> None:
        output = OUTPUT.fullmatch(tag[0])
        path = None if output else liquid.path_of(tag, self._site.posts)
        if output:
            value = liquid.evaluate(output, self._values_here())
            self._write(tag[0] if value is None else value)
        elif tag[1] == "include":
            self.include(tag[2])
        elif tag[1] == "assign":
            self._values = liquid.assign(tag[2], self._values)
        elif path is not None or tag[1].endswith("highlight"):
            self._write(path or tag[0])
        else:
            raise LiquidError(f"the tag `{tag[1]}` is not known", "write out what it would give")

    def _values_here(self) -> dict[str, str]:
        """Return the values; at the beginning of a target the site's own address is its top."""
        tail = "".join(self.out[-3:])[-120:]
        return self._values | {"site.baseurl": "", "site.url": ""} if _TARGET.search(tail) else self._values

    def _fill_block(self, clauses: tuple[Clause, ...]) -> None:
        match clauses[0].name:
            case "for":
                self._repeat(clauses)
            case "capture":
                self._capture(clauses[0])
            case _:
                chosen = next((clause for clause in clauses if self._is_chosen(clause, clauses[0])), None)
                self.fill(chosen.parts if chosen else ())

    def _is_chosen(self, clause: Clause, first: Clause) -> bool:
        """Return whether a clause is to be shown, if none before it was."""
        match clause.name:
            case "else":
                return True
            case "unless":
                return not holds(clause.rest, self._values)
            case "when":
                return is_one_of(first.rest, clause.rest, self._values)
            case "case":
                return False  # what stands before the first `when`
            case _:
                return holds(clause.rest, self._values)

    def _capture(self, clause: Clause) -> None:
        outer, self.out = self.out, []
        self.fill(clause.parts)
        self._values = {**self._values, clause.rest: "".join(self.out)[:LONGEST]}
        self.out = outer

    def _repeat(self, clauses: tuple[Clause, ...]) -> None:
        name, items = _loop(clauses[0].rest, self._values)
        outer = self._values
        for number, item in enumerate(items):
            self._budget[0] -= 1
            if self._budget[0] < 0:
                raise LiquidError(f"the loop over `{name}` goes on for too long", f"{MOST} rounds are the most")
            self._values |= {name: item, **_counters(number, len(items))}
            self.fill(clauses[0].parts)
        self._values = {**self._values, name: outer.get(name, "")}
        if not items:
            self.fill([part for clause in clauses[1:] for part in clause.parts])


def _loop(rest: str, values: Mapping[str, str]) -> tuple[str, list[str]]:
    """Return the name that a loop gives to its items, and these; raises LiquidError."""
    found = _LOOP.fullmatch(rest)
    if not found:
        raise LiquidError(f"the loop `{rest}` is not understood", "write `item in list` or `number in (1..5)`")
    items = list(_items(found, values))
    limit = re.search(r"limit:\s*(\d+)", found[5])
    items = items[: int(limit[1])] if limit else items
    return found[1], items[::-1] if "reversed" in found[5] else items


def _items(loop: re.Match[str], values: Mapping[str, str]) -> Iterator[str]:
    listed = loop[4]
    if listed is None:
        yield from _numbers(said(loop[2], values), said(loop[3], values))
        return
    value = values.get(listed)
    if value is None and not listed.startswith("include."):
        hint = "`page.tags`, `page.categories`, what `split` makes, and `(1..5)` are lists"
        raise LiquidError(f"`{listed}` is no list that is known here", hint)
    between = ", " if listed in _LISTS else BETWEEN
    yield from value.split(between) if value else ()


def _numbers(first: str, last: str) -> Iterator[str]:
    try:
        start, stop = int(first), int(last)
    except ValueError:
        return
    yield from map(str, range(start, min(stop, start + MOST) + 1))


def _counters(number: int, length: int) -> dict[str, str]:
    """Return what Liquid tells within a loop of where it is."""
    values = {"index": number + 1, "index0": number, "length": length}
    flags = {"first": number == 0, "last": number == length - 1}
    return {f"forloop.{name}": str(value).lower() for name, value in (values | flags).items()}
