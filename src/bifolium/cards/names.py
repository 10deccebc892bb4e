"""What a file's name and its first heading tell when the front matter doesn't."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

_DATED = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:-(.+))?", re.ASCII | re.DOTALL)
_DATED_URL = re.compile(r"(?:^|/)(\d{4})/(\d{1,2})/(\d{1,2})(?:/|$)", re.ASCII)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ATX = re.compile(r" {0,3}#(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*")
_SETEXT = re.compile(r" {0,3}=+[ \t]*")
_NO_PARAGRAPH = re.compile(r"[ \t]*$| {4}|\t| {0,3}(?:>|[-+*][ \t]|#{1,6}(?:[ \t]|$)|<)")
_ATTRIBUTES = re.compile(r"[ \t]*\{[:#.][^{}]*\}$")


class Name(NamedTuple):
    """A source file's name, taken apart. `inner` is its path inside its folder, without extension.

    `date` is `2015-1-1` as it stands in the name, or empty.
    """

    inner: str
    date: str
    slug: str


def take_apart(path: str, folder: str, *, dated: bool) -> Name:
    """Return the parts of `path`, which lies in `folder`; a bundle's `index.md` is named by its folder."""
    inner = posixpath.splitext(path.removeprefix(folder + "/") if folder else path)[0]
    stem = posixpath.basename(inner.removesuffix("/index"))
    found = _DATED.fullmatch(stem) if dated else None
    if not found:
        return Name(inner, "", stem)
    return Name(inner, "-".join(found.group(1, 2, 3)), found[4] or stem)


def date_in_url(url: str) -> str:
    """Return the date that stands in an address (`/2015/01/01/…`) as `2015-01-01`, or nothing."""
    found = _DATED_URL.search(url)
    return "-".join(found.groups()) if found else ""


def humanised(slug: str) -> str:
    """Return a title for a post that has none: `pc_history` gives `Pc history`."""
    words = " ".join(re.split(r"[-_\s]+", slug)).strip() or slug
    return words[:1].upper() + words[1:]


def first_heading(text: str) -> str:
    """Return the text of the first heading of level 1, or nothing."""
    above = ""
    for line in _outside_code(text):
        found = _ATX.fullmatch(line)
        if found and found[1]:
            return _ATTRIBUTES.sub("", found[1])
        if above and _SETEXT.fullmatch(line):
            return _ATTRIBUTES.sub("", above.strip())
        above = "" if _NO_PARAGRAPH.match(line) else line
    return ""


def _outside_code(text: str) -> Iterator[str]:
    """Yield the lines that aren't in a fenced block of code; the lines of one count as an empty one."""
    fence = ""
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if not fence and found:
            fence = found[1]
        elif fence and found and found[1].startswith(fence) and not line[found.end() :].strip():
            fence = ""
        yield "" if fence or found else line
