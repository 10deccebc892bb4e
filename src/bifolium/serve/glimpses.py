"""Take for true of a look at files what nobody has said only when a second look finds it so: one may be half written.

Whoever watches is told when a file is closed or moved; a look at everything isn't, and where nothing can be watched
there are such looks only. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from bifolium.model import Stamp, Tree


class Glimpses(NamedTuple):
    """The files that are there for sure; what was seen of the others (None: they are gone), for a second look."""

    tree: Tree
    unsure: Mapping[str, Stamp | None]


def second_look(found: Tree, before: Tree, sure: Collection[str], glimpsed: Mapping[str, Stamp | None]) -> Glimpses:
    """Return what of `found` is sure: what is as `before`, what was `glimpsed` alike, and the `sure` paths."""
    news = {path: found.get(path) for path in found.keys() | before.keys() if found.get(path) != before.get(path)}
    unsure = {path: it for path, it in news.items() if path not in sure and glimpsed.get(path, "never") != it}
    tree = {path: stamp for path, stamp in found.items() if path not in unsure}
    tree |= {path: before[path] for path in unsure if path in before}
    return Glimpses(dict(sorted(tree.items())) if unsure else found, unsure)
