r"""Where formulas begin and end in a text: the one place that knows the delimiters.

`$$…$$` as kramdown reads it, `$…$` by pandoc's rule (the opening dollar has no blank after it, the closing one
neither a blank before it nor a digit after it), LaTeX's `\(…\)` and `\[…\]`. Linear however often it is asked.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_DOLLAR_STOPS = re.compile(r"[\\{}$`]")
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
_BACKSLASHED = re.compile(r"\\(.)", re.DOTALL)
_TEX_LIKE = re.compile(r"[\\^_=+<>{}|&]")
_LETTER = re.compile(r"[^\W_]")
_REST = re.compile(r"[ \t]*[^ \t\n]")
_START = re.compile(r"[^ \t\n][ \t]*\Z")
_WORD = re.compile(r"[^\W\d_]{3}")
_BLANK = " \t\n"
_NO_FIRST = _BLANK + "$/"
"""No formula starts so; `0.09$/GB` is a price."""


class Span(NamedTuple):
    """A formula in a text: TeX from `start` to `stop`, without blanks around; the closing delimiter ends at `end`."""

    start: int
    stop: int
    end: int


class Formulas:
    """The formulas of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._dead: set[str] = set()
        self._groups: tuple[dict[int, int], dict[int, int]] | None = None

    def doubled(self, pos: int, end: int) -> Span | None:
        """Return the formula whose `$$` stands at `pos`; more than two dollars open none."""
        if self._text.startswith("$$$", pos):
            return None
        return self._span(pos + 2, self._text.find("$$", pos + 2, end), 2)

    def single(self, pos: int, end: int) -> Span | None:
        r"""Return the formula whose `$` stands at `pos`, such as `$\text{a $b$ c}$`: dollars in braces don't end it."""
        text = self._text
        if pos + 1 >= end or text[pos + 1] in _NO_FIRST:
            return None
        opened, closed = self._braces()
        at = pos + 1
        while stop := _DOLLAR_STOPS.search(text, at, end):
            at = stop.start()
            match text[at]:
                case "\\":
                    at += 2
                case "{":
                    at = opened.get(at, at) + 1
                case "}" if closed.get(at, pos) >= pos:
                    at += 1
                case "$" if text[at - 1] not in _BLANK and not text[at + 1 : at + 2].isdecimal():
                    return self._span(pos + 1, at, 1)
                case _:
                    return None
        return None

    def bracketed(self, pos: int, end: int) -> Span | None:
        r"""Return the formula whose `\(` or `\[` stands at `pos`.

        `\[not a link\](x)` and, in a line of prose, `\[1\]` and `\(words without TeX\)` are escaped brackets.
        """
        text = self._text
        closing = ")" if text[pos + 1] == "(" else "]"
        if closing in self._dead:
            return None
        marks = (mark for mark in _BACKSLASHED.finditer(text, pos + 2, end) if mark[1] in (text[pos + 1], closing))
        found = next(marks, None)
        if found is None and end == len(text):
            self._dead.add(closing)
        span = self._span(pos + 2, found.start() if found and found[1] == closing else -1, 2)
        return None if span is None or self._is_prose(pos, span, closing) else span

    def backslashed(self, pos: int, end: int) -> Span | None:
        r"""Return the formula whose `\\\\(` or `\\\\[` stands at `pos`, unless it is prose, too."""
        closing = ")" if self._text[pos + 2] == "(" else "]"
        mark = f"\\\\{closing}"
        if mark in self._dead:
            return None
        following = self._text.find(self._text[pos : pos + 3], pos + 3, end)
        stop = self._text.find(mark, pos + 3, end if following < 0 else following)
        if stop < 0 and following < 0 and end == len(self._text):
            self._dead.add(mark)
        span = self._span(pos + 3, stop, 3)
        return None if span is None or self._is_prose(pos, span, closing) else span

    def environment(self, name: str, start: int, end: int) -> int:
        r"""Return the offset behind the `\end` of the environment whose content starts at `start`, or −1."""
        closing = f"\\end{{{name}}}"
        if closing in self._dead:
            return -1
        stop = self._text.find(closing, start)
        if stop < 0:
            self._dead.add(closing)
        return stop + len(closing) if 0 <= stop <= end - len(closing) else -1

    def _is_prose(self, pos: int, span: Span, closing: str) -> bool:
        text = self._text
        if _TEX_LIKE.search(text, span.start, span.stop):
            is_prose = not _LETTER.search(text, span.start, span.stop)
        elif closing == ")":
            is_prose = bool(_WORD.search(text, span.start, span.stop))
        elif "\n" in text[pos + 2 : span.start]:
            is_prose = False
        else:
            is_prose = bool(_REST.match(text, span.end) or _START.search(text, max(pos - 100, 0), pos))
        return is_prose or (closing == "]" and text[span.end : span.end + 1] in {"(", "[", ":"})

    def _span(self, start: int, stop: int, width: int) -> Span | None:
        """Return the span without the blanks around its TeX, or None if there is no TeX or no end."""
        if stop < 0:
            return None
        tex = self._text[start:stop]
        bare = tex.strip()
        if not bare:
            return None
        start += len(tex) - len(tex.lstrip())
        return Span(start, start + len(bare), stop + width)

    def _braces(self) -> tuple[dict[int, int], dict[int, int]]:
        """Return which closing brace belongs to which opening one, and the reverse."""
        if self._groups is None:
            opened: dict[int, int] = {}
            stack: list[int] = []
            for match in _BRACES.finditer(self._text):
                if match[0] == "{":
                    stack.append(match.start())
                elif match[0] == "}" and stack:
                    opened[stack.pop()] = match.start()
            self._groups = opened, {close: open_ for open_, close in opened.items()}
        return self._groups
