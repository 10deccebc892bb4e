"""Bytes to text: UTF-8 with or without a byte order mark, any line ends; all else is refused at its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from bifolium.frontmatter.fields import error_at
from bifolium.problems import Place, Problem

FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
"""What no text may hold: control characters but tab, line ends and form feed; halves of characters; non-characters."""

_SHOWN = 5
_CLUSTERED = 0.6
_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


def decode(path: str, data: bytes) -> str | tuple[Problem, ...]:
    """Return the text of `data`, its line ends unified, or the first problems, five at most."""
    try:
        text = unified(data.decode("utf-8-sig"))
    except UnicodeDecodeError as mistake:
        return (_not_utf8(path, data.removeprefix(b"\xef\xbb\xbf"), mistake),)
    if not FORBIDDEN.search(text):
        return text
    return tuple(islice(_forbidden(path, text), _SHOWN))


def unified(text: str) -> str:
    """Return `text` with a line feed for every line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def named(char: str) -> str:
    """Return the Unicode name of a code point as people look it up: `U+0008`."""
    return f"U+{ord(char):04X}"


def _not_utf8(path: str, data: bytes, mistake: UnicodeDecodeError) -> Problem:
    text = unified(data.decode("utf-8", "replace"))
    before = unified(data[: mistake.start].decode("utf-8"))
    line, column = before.count("\n"), len(before) - before.rfind("\n")
    found = _likely_encoding(data)
    name = path.rpartition("/")[2]
    return error_at(
        path,
        text.split("\n")[line],
        Place(line + 1, column),
        "not-utf-8",
        f"the byte 0x{data[mistake.start]:02X} is not UTF-8",
        f"this looks like {found}; convert it: `iconv -f {found} -t UTF-8 {name} > new.md`",
    )


def _likely_encoding(data: bytes) -> str:
    """Return the most likely encoding: in Chinese, Japanese and Korean ones, high bytes mostly come in pairs."""
    if data[:2] in _MARKS:
        return _MARKS[data[:2]]
    high = len(re.findall(rb"[\x80-\xff]", data))
    paired = sum(len(run) for run in re.findall(rb"[\x80-\xff]{2,}", data))
    candidates = ("GBK", "BIG5", "SHIFT_JIS", "EUC-KR") if paired > _CLUSTERED * high else ()
    return next((name for name in candidates if _decodes(data, name)), "WINDOWS-1252")


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _forbidden(path: str, text: str) -> Iterator[Problem]:
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        for found in FORBIDDEN.finditer(line):
            place = Place(number, found.start() + 1)
            message = f"the character {named(found[0])}, which no text may hold"
            yield error_at(path, shown(line), place, "control-character", message, "delete it and type the text anew")


def shown(line: str) -> str:
    """Return `line` with U+FFFD for each character that could upset a terminal."""
    return FORBIDDEN.sub("\ufffd", line)
