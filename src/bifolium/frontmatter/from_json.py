"""JSON to values. What Python's reader lets pass, or stumbles over, is told at its place.

Keys given twice, halves of characters, numbers of thousands of digits, NaN.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bifolium.frontmatter.characters import FORBIDDEN, named
from bifolium.frontmatter.fields import error_at
from bifolium.problems import Place, Problem

_LONGEST = 1000  # digits of a number; Python refuses 4,301 (CVE-2020-10735)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')
_SUSPECT = re.compile(r"\\(?:b|u(?:00[0189]|007f|d[89a-f]|fff[ef]))", re.IGNORECASE)
"""What may be the escape of a character that no text may hold."""


def value(path: str, text: str) -> Any | tuple[Problem, ...]:
    """Return the value that `text` is, never a tuple, or its problems."""
    doubtful: list[bool] = [bool(_SUSPECT.search(text))]

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        doubtful.append(len(found) < len(pairs))
        return found

    def number(digits: str) -> int:
        doubtful.append(len(digits) > _LONGEST)
        return int(digits[:_LONGEST])

    def constant(name: str) -> None:
        doubtful.append(bool(name))

    try:
        found = json.loads(text, object_pairs_hook=mapping, parse_int=number, parse_constant=constant)
    except json.JSONDecodeError as wrong:
        return (_problem(path, text, wrong.pos, f"this isn't JSON: {wrong.msg.lower()}"),)
    except RecursionError:
        return (_problem(path, text, 0, "lists and mappings are nested too deep"),)
    return (tuple(_mistakes(path, text)) or found) if any(doubtful) else found


def _mistakes(path: str, text: str) -> Iterator[Problem]:
    """Yield what is wrong with the tokens of a text whose grammar is right."""
    keys: list[set[str]] = []
    last = re.match("", text)
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in "{[":
            keys.append(set())
        elif sign in "}]":
            keys.pop()
        elif sign == ":" and last:
            key = json.loads(last[0])
            if key in keys[-1]:
                yield _problem(path, text, last.start(), f"`{key}` is given a second time", "delete one of the two", 1)
            keys[-1].add(key)
        else:
            last = token
            yield from _bad_value(path, text, token)


def _bad_value(path: str, text: str, token: re.Match[str]) -> Iterator[Problem]:
    sign, at = token[0], token.start()
    if sign in {"NaN", "Infinity", "-Infinity"}:
        yield _problem(path, text, at, f"`{sign}` is no JSON", "write `null`")
    elif sign[0] in "-0123456789" and len(sign) > _LONGEST and sign.lstrip("-").isdecimal():
        digits = len(sign.lstrip("-"))
        yield _problem(path, text, at, f"a number of {digits:,} digits", "put it between quotes")
    elif sign[0] == '"' and (bad := FORBIDDEN.search(json.loads(sign))):
        half = f"`\\u{ord(bad[0]):04x}` is half of a character"
        message = half if "\ud800" <= bad[0] <= "\udfff" else f"the character {named(bad[0])}, which no text may hold"
        yield _problem(path, text, at, message, "type the text anew", len(sign))


def _problem(path: str, text: str, at: int, message: str, hint: str = "", width: int = 1) -> Problem:
    start = text.rfind("\n", 0, at) + 1
    place = Place(text.count("\n", 0, at) + 1, at - start + 1, width)
    return error_at(path, text[start:].partition("\n")[0], place, "json", message, hint)
