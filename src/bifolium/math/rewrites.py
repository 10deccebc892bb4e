r"""What MathJax reads and KaTeX refuses, rewritten in place: `E_\max`, `\text{a_b}`, the columns of an array."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple


class Edit(NamedTuple):
    """Replace the characters from `start` to `end` of the source by `text`."""

    start: int
    end: int
    text: str


def edited(tex: str, edits: Iterable[Edit]) -> str:
    """Return `tex` with edits made that don't overlap."""
    parts: list[str] = []
    done = 0
    for edit in sorted(edits):
        parts += (tex[done : edit.start], edit.text)
        done = edit.end
    return "".join([*parts, tex[done:]])


OPERATORS: Final = (
    "arccos arcsin arctan arctg arcctg arg argmax argmin bigcap bigcup bigodot bigoplus bigotimes bigsqcup biguplus "
    "bigvee bigwedge ch coprod cos cosec cosh cot cotg coth csc ctg cth deg det dim exp gcd hom iiint iint inf injlim "
    "int intop ker lg lim liminf limsup ln log max min oiiint oiint oint plim Pr prod projlim sec sh sin sinh smallint "
    "sum sup tan tanh tg th varinjlim varliminf varlimsup varprojlim"
).split()
_SKIP = r"%[^\n]*|\\\\|\\[A-Za-z]+|\\."
_SCRIPT = re.compile(
    rf"[_^]\s*(?P<bare>\\(?:{'|'.join(OPERATORS)})(?![A-Za-z])|\\operatorname\*?\s*\{{[^{{}}]*\}})|{_SKIP}", re.DOTALL
)
_TEXT = re.compile(r"\\(?:text(?:rm|bf|it|sf|tt|normal|up|md)?|mbox|hbox|fbox)\s*\{")
_IN_TEXT = re.compile(r"\\.|[{}$_^&]|#(?!\d)|%(?P<comment>[^{}\n]*(?:\n|\Z))?", re.DOTALL)
_SIGNS = {"_": r"\_", "^": r"{\textasciicircum}", "&": r"\&", "#": r"\#", "%": r"\%"}
_COLUMNS = re.compile(r"\\begin\s*\{d?array\}\s*(?:\[[tcb]\]\s*)?\{")
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
_PARTS = re.compile(
    r"""
      \*\s*\{\s*(?P<times>\d{1,2})\s*\}\s*\{(?P<again>[^{}]*)\}
    | [@!]\s*\{(?P<space>(?:\s|\\[,;:!]|\\q?quad|\\hspace\{[^{}]*\})*)\}
    | (?P<box>[pmb])\s*\{[^{}]*\}
    """,
    re.VERBOSE,
)


def rewrites(tex: str) -> Iterator[Edit]:
    """Yield what must change for KaTeX to read what MathJax reads."""
    yield from _scripts(tex)
    yield from _texts(tex)
    yield from _columns(tex)


def _scripts(tex: str) -> Iterator[Edit]:
    r"""Put braces around an operator that is an index or exponent: KaTeX wants `E_{\max}`."""
    if "_" not in tex and "^" not in tex:
        return
    for found in _SCRIPT.finditer(tex):
        if found["bare"]:
            yield Edit(found.start("bare"), found.start("bare"), "{")
            yield Edit(found.end("bare"), found.end("bare"), "}")


def _texts(tex: str) -> Iterator[Edit]:
    r"""Escape the signs in `\text{…}` that have no meaning there; formulas in it, `\text{if $a_b$}`, stay."""
    for found in _TEXT.finditer(tex):
        depth, formula = 1, False
        for sign in _IN_TEXT.finditer(tex, found.end()):
            depth += {"{": 1, "}": -1}.get(sign[0], 0)
            if not depth:
                break
            formula ^= sign[0] == "$"
            if sign[0] in {r"\(", r"\)"}:
                formula = sign[0] == r"\("
            if sign[0] in _SIGNS and not formula and not _is_inner(tex, found.end(), sign.start()):
                yield Edit(*sign.span(), _SIGNS[sign[0]])


def _is_inner(tex: str, start: int, at: int) -> bool:
    r"""Tell whether another `\text{` opens between: then that one's turn it is."""
    return bool(_TEXT.search(tex, start, at))


def _columns(tex: str) -> Iterator[Edit]:
    """Write an array's columns out: `*{3}{c}` is `ccc`; extra space goes, and boxes of some width become `l`."""
    for begin in _COLUMNS.finditer(tex):
        depth = 1
        for brace in _BRACES.finditer(tex, begin.end()):
            depth += {"{": 1, "}": -1}.get(brace[0], 0)
            if not depth:
                yield from _parts(tex, begin.end(), brace.start())
                break


def _parts(tex: str, start: int, end: int) -> Iterator[Edit]:
    for part in _PARTS.finditer(tex, start, end):
        if part["times"]:
            yield Edit(*part.span(), part["again"] * int(part["times"]))
        else:
            yield Edit(*part.span(), "l" if part["box"] else "")
