"""The small form for CI: counts what is worked on, which no busy machine can falsify, and times nothing."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from benchmarks import blog
from benchmarks.checking import complaint, wanted
from benchmarks.peers.bifolium import Bifolium

POSTS = 24


class Counts(NamedTuple):
    """Pages laid out, texts rendered, formulas typeset, listings coloured, files written, engines started."""

    laid_out: int = 0
    rendered: int = 0
    typeset: int = 0
    coloured: int = 0
    written: int = 0
    engines: int = 0


def check() -> int:
    """Build a small blog in every way that is timed; return 1 if more was done than each needs."""
    with tempfile.TemporaryDirectory() as folder:
        peer = Bifolium(Path(), Path(folder) / "blog", math=True)
        posts = list(blog.posts(POSTS, math=True))
        peer.write(posts)
        formulas = len({formula for post in posts for formula in _formulas(post)})
        cold = build(peer)
        pages = cold.laid_out
        wrong = complaint(peer, wanted(posts))
        expected = Counts(pages, POSTS, formulas, 2 * POSTS, cold.written, 1)
        told = [wrong, _compared("cold", cold, expected)]
        told += _after(peer, "unchanged", lambda: None, Counts())
        told += _after(peer, "one post edited", lambda: peer.edit(posts[0], 1), Counts(1, 1, written=1))
        html = pages - sum(1 for it in (peer.folder / peer.output).rglob("*") if it.name in MACHINES)
        told += _after(peer, "template edited", lambda: peer.edit_template(1), Counts(html, written=html))
    for line in filter(None, told):
        print(line)
    return int(any(told))


MACHINES = frozenset(("feed.xml", "sitemap.xml", "robots.txt", "_headers"))


def build(peer: Bifolium) -> Counts:
    """Build and return what was done."""
    command = [sys.executable, "-m", "bifolium", "build", "--json", "--profile", "-q"]
    done = subprocess.run(command, cwd=peer.folder, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    work = report["done"]
    rendered, typeset, coloured = (work.get(name, 0) for name in ("render_texts", "typeset", "highlight"))
    return Counts(
        len(report["made"]), rendered, typeset, coloured, len(report["written"]), report["profile"]["engines"]
    )


def _after(peer: Bifolium, name: str, change: Callable[[], object], expected: Counts) -> list[str]:
    change()
    return [_compared(name, build(peer), expected)]


def _compared(name: str, found: Counts, expected: Counts) -> str:
    print(f"{name}: {found}")
    return "" if found == expected else f"{name}: {found}, expected {expected}"


def _formulas(post: blog.Post) -> list[blog.Formula]:
    inline = [formula for it in post.blocks if isinstance(it, blog.Paragraph) for _, formula in it.formulas]
    return [*inline, *(it for it in post.blocks if isinstance(it, blog.Formula))]
