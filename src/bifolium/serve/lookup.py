"""What stands at an address of the preview: found among the site's outputs, never on the disk. Pure."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes

from bifolium.urls import PATH_SAFE

_WHOLE = re.compile(r"https?://[^/?#]*", re.IGNORECASE)


class Found(NamedTuple):
    """The output path that answers a request."""

    output: str


class Elsewhere(NamedTuple):
    """The address that a reader is sent to."""

    url: str


class Nothing(NamedTuple):
    """No output has this address."""


class Malformed(NamedTuple):
    """Something that is no address at all."""


Answer = Found | Elsewhere | Nothing | Malformed


def look_up(target: str, outputs: Container[str], base: str) -> Answer:
    """Return what the request line's `target` leads to, for a site whose addresses all begin with `base`.

    `target` has a character a byte, as it came: percent-encoded or raw UTF-8. Folders and endings are found as static
    hosts do: `/a/` is a/index.html, `/a` leads there, or is a.html.
    """
    path = _path(target)
    if path is None:
        return Malformed()
    if base and path in {"/", unbased := _decoded(base)}:
        return Elsewhere(base + "/")
    if base:
        if not path.startswith(unbased + "/"):
            return Nothing()
        path = path[len(unbased) :]
    return _find(path, outputs, base)


def path_of(target: str) -> str:
    """Return the path of a request's `target`, decoded, for comparing; empty if there is none."""
    return _path(target) or ""


def _find(path: str, outputs: Container[str], base: str) -> Answer:
    name = path[1:]
    if name.endswith("/") or not name:
        return _first(outputs, name + "index.html")
    if f"{name}/index.html" in outputs and name not in outputs:
        return Elsewhere(base + quote(path, safe=PATH_SAFE) + "/")
    return _first(outputs, name, f"{name}.html")


def _first(outputs: Container[str], *names: str) -> Answer:
    return next((Found(name) for name in names if name in outputs), Nothing())


def _path(target: str) -> str | None:
    """Return the decoded path of `target`, which may be a whole URL, too (RFC 9112, 3.2.2); None if it is none."""
    if whole := _WHOLE.match(target):
        target = target[whole.end() :] or "/"
    path = target.partition("?")[0].partition("#")[0]
    if not path.startswith("/"):
        return None
    try:
        decoded = unquote_to_bytes(path.encode("latin-1")).decode()
    except UnicodeError:
        return None
    return None if any(ord(char) < 32 or char == "\x7f" for char in decoded) else decoded


def _decoded(url: str) -> str:
    return unquote_to_bytes(url).decode(errors="replace")
