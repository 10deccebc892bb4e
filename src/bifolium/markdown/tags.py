"""The attributes of whole tags in HTML, where each stands, and which of them hold addresses.

What is in comments, scripts and styles is no tag; neither is one that doesn't end. Linear in the text's length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_OPENING = re.compile(r"<(?:!--|([a-zA-Z][\w:-]*))")
_ATTRIBUTE = re.compile(
    r"""[\s/]*([^\s"'<>/=]+)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'<>=`]+)))?"""
)
_END = re.compile(r"[\s/]*>")
_CANDIDATE = re.compile(r"[^\s,]\S*[^\s,]|[^\s,]")
_OPAQUE: Final = frozenset(("script", "style", "textarea", "title", "xmp"))
_CLOSING: Final = {tag: re.compile(f"</{tag}\\b", re.IGNORECASE) for tag in _OPAQUE}
_REFERRING: Final = {
    "href": frozenset(("a", "area", "link")),
    "src": frozenset(("img", "audio", "video", "source", "track", "iframe", "embed", "input", "script")),
    "srcset": frozenset(("img", "source")),
    "poster": frozenset(("video",)),
    "data": frozenset(("object",)),
}

Span = tuple[int, int]


class Attribute(NamedTuple):
    """An attribute with a value: where it stands with the blanks before it, and where its value does, unquoted."""

    tag: str
    name: str
    whole: Span
    value: Span
    is_bare: bool


class Tag(NamedTuple):
    """An opening tag: its attributes that have a value, the names of the others, and where the last of them ends."""

    name: str
    attributes: tuple[Attribute, ...] = ()
    words: frozenset[str] = frozenset()
    end: int = 0


def attributes(html: str) -> Iterator[Attribute]:
    """Yield the attributes in `html` that have a value, in their order."""
    return (attribute for tag in tags(html) for attribute in tag.attributes)


def tags(html: str) -> Iterator[Tag]:
    """Yield the opening tags in `html`."""
    at = 0
    while opening := _OPENING.search(html, at):
        tag = (opening[1] or "").lower()
        if not tag:
            at = html.find("-->", opening.end())
        else:
            found, at = _tag(html, tag, opening.end())
            if found:
                yield found
            if tag in _OPAQUE:
                end = _CLOSING[tag].search(html, at)
                at = end.end() if end else -1
        if at < 0:
            return


def addresses(html: str, attribute: Attribute) -> list[Span]:
    """Return where the addresses in an attribute stand: `srcset` has several, each with its size after it."""
    if attribute.tag not in _REFERRING.get(attribute.name, ()):
        return []
    start, end = attribute.value
    if attribute.name != "srcset":
        text = html[start:end]
        return [(start + len(text) - len(text.lstrip()), start + len(text.rstrip()))] if text.strip() else []
    found = []
    for candidate in html[start:end].split(", "):
        if address := _CANDIDATE.search(candidate):
            found.append((start + address.start(), start + address.end()))
        start += len(candidate) + 2
    return found


def _tag(html: str, name: str, at: int) -> tuple[Tag | None, int]:
    """Return a tag, and where it ends; one that doesn't end is none."""
    found: list[Attribute] = []
    words: set[str] = set()
    while attribute := _ATTRIBUTE.match(html, at):
        at = attribute.end()
        word = attribute[1].lower()
        if kind := attribute.lastgroup:
            found.append(Attribute(name, word, attribute.span(), attribute.span(kind), kind == "bare"))
        else:
            words.add(word)
    end = _END.match(html, at)
    return (Tag(name, tuple(found), frozenset(words), at), end.end()) if end else (None, at)
