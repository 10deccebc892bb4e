"""A snippet of the site filled in: values, other snippets, conditions, and what it assigns. Loops are not run.

https://jekyllrb.com/docs/includes/. Here all is text: a snippet becomes Markdown or HTML after it is filled in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from bifolium.markdown import liquid
from bifolium.markdown.liquid import EITHER, OPERAND, OUTPUT, SNIPPET, Liquid, LiquidError

MOST: Final = 500
"""So many snippets a text may include, those in snippets counted."""
BEGINS: Final = re.compile(r"""=["'](?:\{\{[^{}]{0,100}\}\})?\Z""")
"""Where an attribute's value begins."""
_TARGET: Final = re.compile(rf"""{BEGINS.pattern}|\]\(\Z""")
_PARAMETER = re.compile(rf"([A-Za-z_][\w-]*)=({OPERAND})")
_COMPARISON = re.compile(rf"\s*({OPERAND})\s*(?:(==|!=|<>|<=|>=|<|>|contains)\s*({OPERAND})\s*)?(?:(and|or)\b|\Z)")
_ENDS: Final = {
    "raw": re.compile(r"\{%-?\s*endraw\s*-?%\}"),
    "comment": re.compile(r"\{%-?\s*endcomment\s*-?%\}"),
}
_NOTHING: Final = frozenset(("false", "nil", "null", "blank", "empty"))
_CONDITIONAL: Final = frozenset(("if", "unless", "elsif", "else", "endif", "endunless"))


class Filled(NamedTuple):
    """A snippet's text, and what is wrong in it."""

    text: str
    wrong: tuple[LiquidError, ...] = ()


class _Branch(NamedTuple):
    """An open condition: whether what is around it is shown, and whether one of its parts was."""

    name: str
    around: bool
    taken: bool


def expand(rest: str, given: Liquid) -> Filled:
    """Return the snippet that `{% include … %}` names, with its own values filled in; raises LiquidError."""
    filler = _Filler(dict(given.values), given, (), [MOST])
    filler.include(rest)
    return Filled("".join(filler.out), tuple(filler.wrong))


def holds(condition: str, values: Mapping[str, str]) -> bool:
    """Return whether a condition is true; as in Liquid, `and` and `or` are read from the right. Raises LiquidError."""
    found = _COMPARISON.match(condition)
    if not found:
        raise LiquidError(f"the condition `{condition}` is not understood", "write `include.text` or `a == b`")
    is_true = _compare(_said(found[1], values), found[2], _said(found[3] or "", values))
    if not found[4]:
        return is_true
    rest = holds(condition[found.end() :], values)
    return (is_true and rest) if found[4] == "and" else (is_true or rest)


class _Filler:
    """Fills one snippet; those that it includes have a filler of their own, which writes into the same text."""

    def __init__(self, values: dict[str, str], site: Liquid, around: tuple[str, ...], budget: list[int]) -> None:
        self.out: list[str] = []
        self.wrong: list[LiquidError] = []
        self._values, self._site, self._around, self._budget = values, site, around, budget
        self._snippets = dict(site.snippets)
        self._branches: list[_Branch] = []
        self._is_shown = True

    def include(self, rest: str) -> None:
        """Write the snippet that a tag names; raises LiquidError."""
        name = liquid.snippet_name(rest)
        if name not in self._snippets:
            hint = "snippets are files in the folder that `folders.includes` names"
            raise LiquidError(f"there is no snippet `{name}`", hint)
        self._budget[0] -= 1
        if name in self._around or self._budget[0] < 0:
            raise LiquidError(f"the snippet `{name}` includes itself, or too many others", "take the circle out")
        given = {f"include.{key}": _said(value, self._values) for key, value in _PARAMETER.findall(rest)}
        inner = {key: value for key, value in self._values.items() if not key.startswith("include.")}
        filler = _Filler(inner | given | {SNIPPET: ""}, self._site, (*self._around, name), self._budget)
        filler.out, filler.wrong = self.out, self.wrong
        filler.fill(self._snippets[name])

    def fill(self, text: str) -> None:
        """Write `text` with its tags filled in."""
        at, trims = 0, False
        for found in EITHER.finditer(text):
            if found.start() < at:
                continue  # between `{% raw %}` and its end
            self._write(text[at : found.start()], trims, before_dash=found[0][2] == "-")
            at, trims = found.end(), found[0][-3] == "-"
            if found[1] in _ENDS:
                end = _ENDS[found[1]].search(text, at)
                self._write(text[at : end.start() if end else len(text)] if found[1] == "raw" else "", trims)
                at = end.end() if end else len(text)
            else:
                self._take(found)
        self._write(text[at:], trims)
        for branch in self._branches:
            self.wrong.append(
                LiquidError(f"`{{% {branch.name} %}}` in `{self._around[-1]}` has no end", "write its end")
            )

    def _write(self, text: str, after_dash: bool, before_dash: bool = False) -> None:
        if self._is_shown:
            text = text.lstrip() if after_dash else text
            self.out.append(text.rstrip() if before_dash else text)

    def _take(self, found: re.Match[str]) -> None:
        """Write what a tag or a value stands for, or itself with a problem."""
        try:
            if found[1] in _CONDITIONAL:
                self._branch(found[1], found[2])
            elif self._is_shown:
                self._put(found)
        except LiquidError as wrong:
            message, hint = wrong.args
            where = f" (in the snippet `{self._around[-1]}`)" if self._around and "snippet" not in message else ""
            self.wrong.append(LiquidError(f"{message}{where}", hint))
            self.out.append(found[0])

    def _put(self, found: re.Match[str]) -> None:
        output = OUTPUT.fullmatch(found[0])
        path = None if output else liquid.path_of(found, self._site.posts)
        if output:
            said = liquid.evaluate(output, self._values_here())
            self.out.append(found[0] if said is None else said)
        elif found[1] == "include":
            self.include(found[2])
        elif found[1] == "assign":
            self._values = liquid.assign(found[2], self._values)
        elif path is not None or found[1].endswith("highlight"):
            self.out.append(path or found[0])
        else:
            raise LiquidError(f"the tag `{found[1]}` is not known", "write out what it would give")

    def _values_here(self) -> dict[str, str]:
        """Return the values; at the beginning of a target the site's own address is its top."""
        tail = "".join(self.out[-3:])[-120:]
        return self._values | {"site.baseurl": "", "site.url": ""} if _TARGET.search(tail) else self._values

    def _branch(self, name: str, condition: str) -> None:
        if name in {"if", "unless"}:
            is_true = self._is_shown and holds(condition, self._values) == (name == "if")
            self._branches.append(_Branch(name, self._is_shown, is_true))
            self._is_shown = is_true
            return
        if not self._branches:
            raise LiquidError(f"`{{% {name} %}}` has no beginning", "write `{% if … %}` before it")
        branch = self._branches.pop()
        if name.startswith("end"):
            self._is_shown = branch.around
            return
        open_ = branch.around and not branch.taken
        self._is_shown = open_ and (name == "else" or holds(condition, self._values))
        self._branches.append(branch._replace(taken=branch.taken or self._is_shown))


def _said(operand: str, values: Mapping[str, str]) -> str:
    if operand in _NOTHING or operand in {"true", ""}:
        return "" if operand in _NOTHING else operand
    return liquid.literal(operand, values)


def _compare(left: str, sign: str | None, right: str) -> bool:
    match sign:
        case None:
            return left not in {"", "false"}
        case "==":
            return left == right
        case "!=" | "<>":
            return left != right
        case "contains":
            return right in left
    try:
        one, two = float(left), float(right)
    except ValueError:
        return False
    return one < two if sign == "<" else one > two if sign == ">" else one <= two if sign == "<=" else one >= two
