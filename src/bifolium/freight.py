"""Decide what a deploy moves, in which order, with which headers, and whether the site may go up at all.

Pages go up after what they refer to, and what vanished goes last, so readers never meet a broken page: first files that
are no pages, then new pages, then changed ones, the home page as the last of them, then feeds and sitemaps. A note at
the target names our files, as the manifest of the output does; before anything moves it also names what is about to, so
that after an interruption all of it is known.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

import msgspec

from bifolium.media_types import media_type
from bifolium.problems import Problem, error

NOTE = ".bifolium.json"
HIDDEN = (".nojekyll", ".htaccess")  # what hosts need, though its name is that of a hidden file

_HASHED = re.compile(r"\.[0-9a-f]{10}(?:[0-9a-f]{6})?\.\w+$")
_PAGE = re.compile(r"\.x?html?$")
_LATE = re.compile(r"\.(?:xml|atom|rss|json|txt)$")
_TEXTS = re.compile(r"text/.*|application/(?:.*\+)?(?:json|xml)")
_FOR_EVER, _SHORT, _LONGER = "public, max-age=31536000, immutable", "public, max-age=60", "public, max-age=3600"


class Voyage(NamedTuple):
    """What is to move: files that are not at the target, changed ones, and ours there that the site has no more."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def moves(self) -> bool:
        """Tell whether there is anything to do."""
        return bool(self.new or self.changed or self.gone)


class Note(msgspec.Struct, frozen=True):
    """What a deploy leaves at its target: what the site says of itself, and each file's mark, if it has arrived."""

    format: int = 1
    about: dict[str, str] = {}
    files: dict[str, str] = {}


def voyage(here: Collection[str], same: Mapping[str, bool], before: Note) -> Voyage:
    """Return what is to move; `same` tells of each of our files at the target whether it is as it is here."""
    return Voyage(
        tuple(sorted(path for path in here if path not in same)),
        tuple(sorted(path for path in here if not same.get(path, True))),
        tuple(sorted(path for path in before.files if path not in here)),
    )


def strangers(same: Mapping[str, bool], before: Note, target: str) -> Problem | None:
    """Return what stands against a first deploy: other files under our names."""
    found = sorted(path for path, equal in same.items() if not equal and path not in before.files)
    if before.files or not found:
        return None
    message = f"there are other files at `{target}` already, such as `{found[0]}`, which no deploy has put there"
    return error(target, 0, 0, "strangers", message, "choose another place, or write over them with `--force`")


def in_order(voyage: Voyage) -> tuple[tuple[str, ...], ...]:
    """Return the files to be sent, in groups of which each refers to those before it only."""
    groups: dict[int, list[str]] = {}
    for paths, changed in ((voyage.new, False), (voyage.changed, True)):
        for path in paths:
            groups.setdefault(_turn(path, changed=changed), []).append(path)
    return tuple(tuple(sorted(groups[turn])) for turn in sorted(groups))


def _turn(path: str, *, changed: bool) -> int:
    if path == "index.html":
        return 3
    if _PAGE.search(path):
        return 1 + changed
    return 4 if _LATE.search(path) else 0


def headers(path: str) -> tuple[str, str]:
    """Return a file's type, and how long it may be kept: hashed names a year, pages a minute, others an hour."""
    kind = media_type(path)
    cache = _FOR_EVER if _HASHED.search(path) else _SHORT if _PAGE.search(path) or _LATE.search(path) else _LONGER
    return f"{kind}; charset=utf-8" if _TEXTS.fullmatch(kind) else kind, cache


def mark(digest: str, path: str) -> str:
    """Return what tells a file as it is sent from any other: the digest of its bytes, and its headers."""
    return f"{digest} {'; '.join(headers(path))}"


def note(data: bytes | None) -> Note:
    """Return the note that a deploy has left, or an empty one."""
    try:
        return msgspec.json.decode(data or b"", type=Note)
    except msgspec.MsgspecError:
        return Note()


def encoded(note: Note) -> bytes:
    """Return the bytes of a note; equal notes give equal ones."""
    return msgspec.json.encode(note, order="sorted")


def on_its_way(before: Note, voyage: Voyage) -> Note:
    """Return the note for the time of the voyage: of what is about to move nobody knows how far it is."""
    return msgspec.structs.replace(before, files=before.files | dict.fromkeys((*voyage.new, *voyage.changed), ""))


def unfit(about: Mapping[str, str], base_url: str, output: str) -> Problem | None:
    """Return why the site that says this of itself may not go to where `base_url` is (empty: anywhere)."""
    if "base_url" not in about:
        return error(output, 0, 0, "not-built", "no site was built here", "`bifolium build` first")
    if about.get("drafts") == "true":
        message = "the site was built with drafts, or with posts of the future"
        return error(output, 0, 0, "drafts", message, "`bifolium build` without `--drafts` and `--future`")
    if base_url and about["base_url"].rstrip("/") != base_url.rstrip("/"):
        message = f"the site was built for `{about['base_url'] or 'no address'}`, and this target is at `{base_url}`"
        return error(output, 0, 0, "other-address", message, f"`bifolium build --base-url {base_url}`")
    return None
