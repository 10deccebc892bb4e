"""What is wrong with a site, said once and for all: a place, a message, a hint.

The same text is shown in the terminal, in the preview and in the tests. A problem is a value; it is
collected, never raised, until a phase ends.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from typing import Literal, NamedTuple

WINDOW = 120  # characters of a long line that are shown around its problem
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_WIDTHLESS = frozenset(("Mn", "Me", "Cf"))
Severity = Literal["error", "warning", "note"]


class Place(NamedTuple):
    """Where something stands: line and column from 1, width in characters (1 if it goes on in the next line)."""

    line: int
    column: int
    width: int = 1


class Problem(NamedTuple):
    """One mistake of the author's, at its place.

    `line` and `column` count from 1, columns in characters; 0 means that the problem has no such place.
    `rule` is a stable name such as `missing-picture`. `source` is the text of the line, to draw under the message.
    """

    path: str
    line: int
    column: int
    rule: str
    message: str
    hint: str = ""
    severity: Severity = "warning"
    source: str = ""
    width: int = 1


class SiteError(Exception):
    """Raised at a phase's end with every problem that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(draw(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[SiteError], tuple[tuple[Problem, ...]]]:
        """Let the error cross from a worker process with its problems."""
        return SiteError, (self.problems,)


def error(path: str, line: int, column: int, rule: str, message: str, hint: str = "", source: str = "") -> Problem:
    """Return a problem that fails the build."""
    return Problem(path, line, column, rule, message, hint, "error", source)


def draw(problem: Problem) -> str:
    """Return `problem` as people read it: place, message, source line with a caret, hint."""
    lines = [visible(f"{place(problem)}: {problem.severity}: {problem.message} [{problem.rule}]")]
    if problem.source and problem.line:
        shown = _window(problem)
        gutter = f"{problem.line:>5} | "
        lines.append(gutter + visible(shown.source.replace("\t", " ")).rstrip())
        if problem.column:
            lines.append(" " * (len(gutter) - 2) + "| " + caret(shown))
    if problem.hint:
        lines.append(f"      = {visible(problem.hint)}")
    return "\n".join(lines)


def visible(text: str) -> str:
    """Return `text` with a sign in place of each character that would change the terminal and not be seen.

    One sign for one character, so that columns stay: control characters have theirs in Unicode; those that turn the
    direction of writing around, line separators and halves of characters become U+FFFD.
    """
    return text if text.isascii() and text.isprintable() else _UNSEEN.sub(_sign, text)


def _sign(found: re.Match[str]) -> str:
    number = ord(found[0])
    return chr(0x2400 + number) if number < 0x20 else "\u2421" if number == 0x7F else "\ufffd"


def place(problem: Problem) -> str:
    """Return `path:line:column`, without the parts that the problem doesn't have."""
    numbers = (number for number in (problem.line, problem.column) if number)
    return ":".join([problem.path, *map(str, numbers)])


def caret(problem: Problem) -> str:
    """Return the blanks and carets that stand right under the problem's columns, also after wide characters."""
    before = problem.source[: problem.column - 1]
    under = problem.source[problem.column - 1 : problem.column - 1 + problem.width]
    return " " * cells(before) + "^" * max(1, cells(under))


def cells(text: str) -> int:
    """Return how many terminal cells `text` takes (Unicode Standard Annex 11; marks and joiners take none)."""
    if text.isascii():
        return len(text)
    return sum(map(_cell, text))


def _cell(char: str) -> int:
    if unicodedata.category(char) in _WIDTHLESS:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _window(problem: Problem) -> Problem:
    """Return `problem` with only that part of a long line in which it stands; columns are counted from there."""
    start = max(0, problem.column - WINDOW // 2)
    if len(problem.source) <= WINDOW or not problem.column:
        return problem._replace(source=_cut(problem.source, WINDOW))
    ahead = "…" if start else ""
    part = ahead + _cut(problem.source[start:], WINDOW)
    return problem._replace(source=part, column=problem.column - start + len(ahead))


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length] + "…"


def folded(word: str) -> str:
    """Return `word` without what people don't see or don't mind: its Unicode form, its letter case."""
    return unicodedata.normalize("NFC", word).casefold()


def nearest(word: str, known: Iterable[str], alike: float = 0.6) -> str | None:
    """Return the known word closest to `word`, or None if none is that much alike, form and case aside."""
    by_fold = {folded(name): name for name in known}
    found = difflib.get_close_matches(folded(word), by_fold, n=1, cutoff=alike)
    return by_fold[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the hint that names the closest known word, or nothing."""
    match = nearest(word, known)
    return f"did you mean `{match}`?" if match else ""


def in_order(*groups: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return all problems once each, in the order of their places."""
    return tuple(sorted({problem for group in groups for problem in group}))
