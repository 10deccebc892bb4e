"""What of a request decides: who may ask, which part is wanted, what kind of file it is. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from bifolium.media_types import media_type

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_TEXTS = {"application/javascript", "application/json", "application/xml", "image/svg+xml", "application/manifest+json"}


class Part(NamedTuple):
    """Bytes `start` to `end` (not included) of something."""

    start: int
    end: int


def is_welcome(host: str, origin: str | None, allowed: Collection[str]) -> bool:
    """Tell whether a request may be answered: it names this machine, and no page of another host made it.

    A page elsewhere can give its own name the address of this machine and then read what we answer; the name in Host
    betrays it. So names are refused but for `localhost` and `allowed`; addresses in numbers can't be such names.
    """
    name = _hostname(f"//{host}")
    if name is None or not (name in {"localhost", *allowed} or name.endswith(".localhost") or _is_number(name)):
        return False
    return origin is None or origin.lower().partition("://")[2] == host.lower()


def part_of(wanted: str | None, size: int) -> Part | None:
    """Return the part that a Range header asks for: all without one, or if it is none we know; None: there is none.

    One range only (RFC 9110, 14.2 allows to ignore others).
    """
    found = _RANGE.fullmatch(wanted.strip()) if wanted else None
    if not found or found[0] == "bytes=-":
        return Part(0, size)
    if not found[1]:
        return Part(max(0, size - int(found[2])), size) if int(found[2]) and size else None
    start, end = int(found[1]), min(int(found[2] or size) + 1, size)
    if found[2] and int(found[2]) < start:
        return Part(0, size)
    return Part(start, end) if start < size else None


def type_of(output: str) -> str:
    """Return the media type of a file by its name, with the charset where it is text."""
    kind = media_type(output)
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind in _TEXTS else kind


def _hostname(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts.hostname if parts.netloc and not parts.path and not parts.username else None


def _is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
