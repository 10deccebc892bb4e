r"""Rewrite what other TeX engines accept and KaTeX doesn't; offsets in the result lead back to the source.

Only what can't be a macro is rewritten here: environments and invisible characters. The macros (`\mbox`,
`\label` …) are in assets/dialect.js.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bifolium.math.rewrites import Edit, edited, rewrites

# KaTeX numbers every row of an unstarred environment; MathJax, which most blogs come from, numbers none.
# A starred one still shows what has a \tag. KaTeX has no eqnarray and multline.
ENVIRONMENTS = {
    "equation": ("equation*", ""),
    "align": ("align*", ""),
    "gather": ("gather*", ""),
    "alignat": ("alignat*", ""),
    "flalign": ("align*", ""),
    "xalignat": ("alignat*", ""),
    "xalignat*": ("alignat*", ""),
    "xxalignat": ("alignat*", ""),
    "flalign*": ("align*", ""),
    "eqnarray": ("darray", "{rcl}"),
    "eqnarray*": ("darray", "{rcl}"),
    "multline": ("gathered", ""),
    "multline*": ("gathered", ""),
}
MOST_COLUMNS = 100
INVISIBLE = "\u00ad\u200b\u2060\ufeff"  # not U+200C and U+200D, which scripts and emoji in \text need
TOKEN = re.compile(
    rf"""
      (?P<invisible> [{INVISIBLE}]+ )
    | (?P<comment>   %[^\n]* )
    | \\(?P<fence>   begin | end ) \s* \{{ (?P<name> [A-Za-z]+\*? ) \}}
    | (?P<row>       \\\\ | \\cr(?![A-Za-z]) )
    | \\[A-Za-z]+ | \\.
    | (?P<cell>      & )
    | (?P<open>      \{{ )
    | (?P<close>     \}} )
    """,
    re.VERBOSE | re.DOTALL,
)
ARRAYS = {"array", "darray"}
PLACEMENT = re.compile(r"\s*\[[tcb]\]")
_NAMED = re.compile(r"(\\(?:begin|end))\{([A-Za-z]+\*?)\}")
BLANKS = re.compile(r"\s*")


@dataclass
class Table:
    """An environment while it is being read: whose columns are missing, if any, and how many there are so far."""

    missing: tuple[int, int] | None = None
    braces: int = 0
    cells: int = 1
    columns: int = 1


def as_written(said: str, tex: str) -> str:
    """Return what the engine said of a formula, with the environments' names as its author wrote them in `tex`."""
    names = [token["name"] for token in TOKEN.finditer(tex) if token["name"]] if _NAMED.search(said) else []

    def written(found: re.Match[str]) -> str:
        own = next((name for name in names if ENVIRONMENTS.get(name, ("",))[0] == found[2]), found[2])
        return found[0] if found[2] in names else f"{found[1]}{{{own}}}"

    return _NAMED.sub(written, said)


def prepare(tex: str) -> str:
    """Return `tex` as KaTeX can read it; `original` leads from an offset in the result back to the source."""
    return edited(tex, edits(tex))


def original(tex: str, offset: int) -> int:
    """Return the offset in `tex` of what stands at `offset` in `prepare(tex)`; −1, nowhere, stays −1."""
    grown = 0
    for edit in edits(tex):
        start = edit.start + grown
        if offset < start:
            break
        if offset < start + len(edit.text):
            return edit.start
        grown += len(edit.text) - (edit.end - edit.start)
    return offset - grown


def edits(tex: str) -> list[Edit]:
    """Return what `prepare` changes, in the order of places."""
    found: list[Edit] = []
    for edit in sorted([*replacements(tex), *columns(tex), *rewrites(tex)]):
        if not found or edit.start >= found[-1].end:
            found.append(edit)
    return found


def replacements(tex: str) -> Iterator[Edit]:
    """Remove invisible characters and an array's placement, and give environments the names that KaTeX knows."""
    for token in TOKEN.finditer(tex):
        if token["invisible"]:
            yield Edit(token.start(), token.end(), "")
        elif token["name"] in ENVIRONMENTS:
            name, arguments = ENVIRONMENTS[token["name"]]
            yield Edit(*token.span("name"), name)
            if arguments and token["fence"] == "begin":
                yield Edit(token.end(), token.end(), arguments)
        elif token["name"] in ARRAYS and (placement := PLACEMENT.match(tex, token.end())):
            yield Edit(*placement.span(), "")


def columns(tex: str) -> Iterator[Edit]:
    r"""Give every `\begin{array}` that has no columns as many centred ones as its widest row takes."""
    tables = [Table()]
    for token in TOKEN.finditer(tex):
        table = tables[-1]
        match token["fence"], token.lastgroup:
            case "begin", _:
                tables.append(Table(missing_columns(tex, token)))
            case "end", _ if len(tables) > 1:
                yield from given_columns(tables.pop())
            case _, "open":
                table.braces += 1
            case _, "close":
                table.braces -= 1
            case _, "cell" if not table.braces:
                table.cells += 1
                table.columns = max(table.columns, table.cells)
            case _, "row" if not table.braces and (not table.missing or token.start() >= table.missing[1]):
                table.cells = 1


def missing_columns(tex: str, begin: re.Match[str]) -> tuple[int, int] | None:
    r"""Return the place for an array's columns, or None if they are there or not needed.

    In `\begin{array}\\` MathJax takes the `\\` for the columns, so it makes no empty row: they replace it.
    """
    if begin["name"] not in ARRAYS:
        return None
    at = skip(BLANKS, tex, skip(PLACEMENT, tex, begin.end()))
    if tex[at : at + 1] in {"{", "l", "c", "r", "|"}:
        return None
    return (at, at + 2) if tex.startswith("\\\\", at) else (begin.end(), begin.end())


def skip(pattern: re.Pattern[str], tex: str, at: int) -> int:
    """Return the offset behind what `pattern` finds at `at`, or `at`."""
    found = pattern.match(tex, at)
    return found.end() if found else at


def given_columns(table: Table) -> Iterator[Edit]:
    """Return the edit that gives `table` its columns, if they are missing."""
    if table.missing:
        yield Edit(*table.missing, "{" + "c" * min(table.columns, MOST_COLUMNS) + "}")
