"""Which characters are Chinese, Japanese or Korean, as far as emphasis, line breaks, URLs and counting care."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

LETTERS: Final = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303b\u3040-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003fffd"
)
"""Ideographs, kana and bopomofo, for a character class: written without blanks, counted one by one."""

EAST: Final = (
    "\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff\ufe10-\ufe1f\ufe30-\ufe6f\uff01-\uff9f\uffe0-\uffee\U00020000-\U0003fffd"
)
"""The letters with their punctuation and full-width forms."""

HANGUL: Final = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff\uffa0-\uffdc"
"""Korean: wide, but written with blanks between words."""

is_east = re.compile(f"[{EAST}]").match
is_wide = re.compile(f"[{EAST}{HANGUL}]").match

_CHARACTER_RUNS = re.compile(f"[{LETTERS}{HANGUL}]+")
_WORDS = re.compile(r"\w[\w'’-]*")


class Length(NamedTuple):
    """How long a text is: words, and beside them ideographs, kana and Hangul, which are read one by one."""

    words: int
    characters: int


def count(text: str) -> Length:
    """Return how many words and East Asian characters `text` has; punctuation counts for nothing."""
    if text.isascii():
        return Length(len(_WORDS.findall(text)), 0)
    characters = sum(map(len, _CHARACTER_RUNS.findall(text)))
    return Length(len(_WORDS.findall(_CHARACTER_RUNS.sub(" ", text))), characters)
