"""Check that a generator really made what it was timed for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from benchmarks import blog
from benchmarks.peers import Peer

ARTICLE, FORMULA, LINK = '<article class="post">', 'class="katex"', 'href="https://example.org/there"'


class Counts(NamedTuple):
    """How many pages of posts there are, and what is in them; −1 where nobody knows how many formulas texts have."""

    pages: int
    formulas: int
    links: int


def wanted(posts: Iterable[blog.Post]) -> Counts:
    """Return what must be there."""
    counts = Counts(0, 0, 0)
    for post in posts:
        if any(isinstance(it, blog.Prose) for it in post.blocks):
            counts = Counts(counts.pages + 1, -1, 0)
            continue
        words = (word for it in post.blocks if isinstance(it, blog.Paragraph) for word in it.words)
        links = sum("(https://example.org/there)" in word for word in words)
        counts = Counts(counts.pages + 1, counts.formulas + post.formulas, counts.links + links)
    return counts


def found(peer: Peer) -> Counts:
    """Return what is there."""
    texts = (path.read_text(encoding="utf-8") for path in (peer.folder / peer.output).rglob("*.html"))
    counts = Counts(0, 0, 0)
    for text in (text for text in texts if ARTICLE in text):
        counts = Counts(counts.pages + 1, counts.formulas + text.count(FORMULA), counts.links + text.count(LINK))
    return counts


def complaint(peer: Peer, expected: Counts) -> str:
    """Return what is missing, or nothing; formulas count only where they are typeset."""
    there = found(peer)
    if not (peer.math and peer.maths) or expected.formulas < 0:
        there = there._replace(formulas=expected.formulas)
    return "" if there == expected else f"{peer.name} made {there}, expected {expected}"


def shows(peer: Peer, text: str, pages: int) -> str:
    """Return a complaint unless `text` is in at least so many pages."""
    texts = (path.read_text(encoding="utf-8") for path in Path(peer.folder / peer.output).rglob("*.html"))
    there = sum(text in it for it in texts)
    return "" if there >= pages else f"{peer.name} has `{text}` in {there} pages, expected {pages}"
