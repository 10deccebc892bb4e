"""What a build leaves for the next one: which file gave which card and body, which page was made from what.

Everything here can be lost without harm: the next build then makes it anew, to the same bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import msgspec

from bifolium import memo
from bifolium.model import Card, Image, Label, Link, Ref, Stamp, Tree
from bifolium.pictures import Picture
from bifolium.problems import Problem
from bifolium.recall import NOTHING, Recall


class Gist(NamedTuple):
    """What a build must know of a body without loading it: its key, and what it refers to.

    `summary` is the digest of what lists show of it; `ids` are what links into it can lead to; `includes`: snippets are
    part of it. `macros` is the digest of the site's macros that the formulas use, and `commands` are the names that
    decide upon these.
    """

    body: bytes
    summary: bytes
    links: tuple[Link, ...]
    images: tuple[Image, ...]
    ids: tuple[str, ...]
    math: bool
    diagrams: bool
    problems: tuple[Problem, ...]
    refs: tuple[Ref, ...] = ()
    labels: tuple[Label, ...] = ()
    includes: bool = False
    commands: tuple[str, ...] = ()
    macros: bytes = b""


UNREAD = Gist(b"", b"", (), (), (), math=False, diagrams=False, problems=())
"""Stands for the gist of a text that a preview has not rendered yet."""


class Reading(NamedTuple):
    """A source file as it was read: its card (None: it has errors) and, once rendered, its gist."""

    digest: bytes
    card: Card | None
    problems: tuple[Problem, ...]
    gist: Gist | None = None


class Signature(NamedTuple):
    """All that a page was made from, as digests; equal signatures mean equal bytes."""

    page: bytes
    texts: bytes
    references: bytes
    template: bytes
    site: bytes


class Ledger(NamedTuple):
    """The whole record. `epoch` stands for code, settings and wishes; `taken` is when the files were looked at (ns).

    `due` is the date of the next hidden post of the future, `newest` that of the last post that time lets in;
    `lasting`: the same files would give the same site again; `plan` is the Plan's digest;
    `snippets` is the digest of all of them, `words` that of the interface's;
    `copies` says which file was published at an output path; `oddities` are what the scan found that is no file.
    """

    epoch: bytes = b""
    taken: int = 0
    due: str = ""
    newest: str = ""
    lasting: bool = True
    plan: bytes = b""
    snippets: bytes = b""
    words: bytes = b""
    oddities: tuple[Problem, ...] = ()
    tree: Tree = {}  # noqa: RUF012 (never assigned to: values are immutable by agreement)
    readings: dict[str, Reading] = {}  # noqa: RUF012
    pictures: dict[str, Picture] = {}  # noqa: RUF012
    copies: dict[str, str] = {}  # noqa: RUF012
    pages: dict[str, Signature] = {}  # noqa: RUF012
    outputs: dict[str, Stamp] = {}  # noqa: RUF012
    problems: tuple[Problem, ...] = ()
    hidden: dict[str, int] = {}  # noqa: RUF012


class Standing(NamedTuple):
    """What of last time still stands: `intact` outputs, and source files that are the `same`.

    `recall` are the values themselves, where the process is still that of last time. `wanted` are the texts that are
    to be rendered, if a preview doesn't want all of them.
    """

    before: Ledger
    intact: Mapping[str, Stamp]
    same: Collection[str]
    recall: Recall = NOTHING
    wanted: Collection[str] | None = None


ALONE = Standing(Ledger(), {}, ())
"""Where nothing stands: the first build."""

SETTLED = 2_000_000_000  # ns; a file changed later than this before it was looked at may change again unseen


def unchanged(before: Ledger, tree: Tree) -> frozenset[str]:
    """Return the paths whose bytes are surely those of last time: equal stamps of files that were at rest then."""
    rest = before.taken - SETTLED
    return frozenset(
        path for path, stamp in tree.items() if before.tree.get(path) == stamp and max(stamp.mtime, stamp.ctime) < rest
    )


def encode(ledger: Ledger) -> bytes:
    """Return the bytes in which a ledger is kept."""
    return memo.encode(ledger)


def decode(data: bytes | None, epoch: bytes) -> Ledger:
    """Return the kept ledger, or an empty one if it is damaged or of another epoch."""
    try:
        kept = msgspec.msgpack.decode(data or b"", type=Ledger)
    except (msgspec.MsgspecError, ValueError):
        return Ledger(epoch)
    return kept if kept.epoch == epoch else Ledger(epoch)


def why(old: Signature | None, new: Signature, *, known: bool) -> str:
    """Return in words what made a page stale; `known`: there is a record of the last build."""
    if old is None:
        return "new page" if known else "no earlier build with this program and these settings"
    reasons = {
        "page": "its front matter or what it shows of other posts changed",
        "texts": "a text it shows changed",
        "references": "something it links to or shows moved, or another post links to it",
        "template": "its template or the theme changed",
        "site": "the site's data or menu changed",
    }
    changed = [reason for name, reason in reasons.items() if getattr(old, name) != getattr(new, name)]
    return "; ".join(changed) or "its file was missing or touched"
