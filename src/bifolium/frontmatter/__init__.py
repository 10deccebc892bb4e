"""Front matter: bytes in, raw fields and Markdown out, or every problem at its place.

A value stays the text that its author wrote; what it means is decided key by key, in cards.
"""

from __future__ import annotations

import re

from bifolium.frontmatter import from_toml, from_yaml
from bifolium.frontmatter.characters import decode
from bifolium.frontmatter.fields import Block, Field, Fields, Source, error_at
from bifolium.problems import Place, Problem

__all__ = ["Field", "Fields", "Source", "split"]

LARGEST = 65_536
"""Characters in a block. Real ones have some hundred; the limit is what makes hostile ones cheap."""

_OPENING = re.compile(r"(---|\+\+\+)[ \t]*(?:\n|$)")
_CLOSING = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE),
}
_ALMOST = re.compile(r"(?:[ \t]*[^\s][^\n]*\n)*?([ \t]*(?:[-–—]{2,}|\+{2,}))[ \t]*(?:\n|\Z)")
"""A closing fence with a slip in it, before the first empty line."""


def split(path: str, data: bytes) -> Source | tuple[Problem, ...]:
    """Return the file's fields and text, or what is wrong with its bytes or its front matter."""
    text = decode(path, data)
    if not isinstance(text, str):
        return text
    opening = _OPENING.match(text)
    if not opening:
        return Source(path, "", {}, text)
    closing = _CLOSING[opening[1]].search(text, opening.end())
    if not closing:
        return (_not_closed(path, text, opening),)
    if closing.start() - opening.end() > LARGEST:
        return (_too_large(path, opening, closing.start() - opening.end()),)
    read = from_yaml.fields if opening[1] == "---" else from_toml.fields
    found = read(Block(path, text[opening.end() : closing.start()]))
    if isinstance(found, tuple):
        return found
    return Source(path, text[: closing.end()], found, text[closing.end() :])


def _not_closed(path: str, text: str, opening: re.Match[str]) -> Problem:
    fence = opening[1]
    almost = _ALMOST.match(text, opening.end())
    if almost:
        place = Place(text.count("\n", 0, almost.start(1)) + 1, 1, len(almost[1]))
        message = f"front matter ends with a line that is exactly `{fence}`"
        return error_at(path, almost[1], place, "front-matter", message, f"write `{fence}`")
    hint = f"end the front matter with a line `{fence}`"
    if fence == "---":
        hint += "; if a ruled line was meant, write `***`"
    place = Place(1, 1, len(fence))
    return error_at(path, opening[0].rstrip(), place, "front-matter", "this front matter is never closed", hint)


def _too_large(path: str, opening: re.Match[str], size: int) -> Problem:
    message = f"the front matter has {size:,} characters, at most {LARGEST:,} are read"
    hint = f"is its closing `{opening[1]}` where it should be?"
    return error_at(path, opening[0].rstrip(), Place(1, 1, 3), "front-matter", message, hint)
