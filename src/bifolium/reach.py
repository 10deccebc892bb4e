"""What a text's references look up, and which of that means something else since: where the two don't meet, all stands.

Names of all kinds are in one set: source paths, addresses, what wiki links and references call a text. If two kinds
have a name in common, a text is resolved once more than it need be.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from bifolium import labels, links, urls, wiki
from bifolium.atlas import Atlas, file_names, folded
from bifolium.labels import Register
from bifolium.model import Placed, Spot


def reach(spot: Spot, gist: links.Refers) -> frozenset[str]:
    """Return every name that resolving the text at `spot` may look up in the atlas and the register."""
    if not (gist.links or gist.images or gist.refs or spot.image):
        return frozenset()
    targets = {*(link.target for link in gist.links), *(image.target for image in gist.images), spot.image}
    found = {name for target in targets for name in _sought(target, spot)}
    posts = {ref.target.rpartition("#")[0] for ref in gist.refs if "#" in ref.target}
    return frozenset(found.union(*(labels.calls(post, spot) for post in posts)))


def touched(before: tuple[Atlas, Register], now: tuple[Atlas, Register]) -> frozenset[str]:
    """Return every name that means something else `now`, or whose text has other ids or labels."""
    (old, registered), (new, registers) = before, now
    texts = _differing(old.spots, new.spots) | _differing(old.ids, new.ids) | _differing(old.titles, new.titles)
    texts |= _differing(registered.labels, registers.labels)
    files = _differing(old.places, new.places)
    found = _differing(old.routes, new.routes) | texts | files
    found |= {folded(posixpath.basename(path)) for path in files}
    return frozenset(found.union(*(_names(path, atlas) for path in texts for atlas in (old, new))))


def _sought(target: str, card: Placed) -> Iterator[str]:
    if target.startswith("[["):
        yield from wiki.names_meant(target, card)
    elif target and not target.startswith(("#", "?")) and not urls.is_external(target):
        path = urlsplit(target).path
        for reading in links.readings(unquote(path), card):
            yield from links.spellings(reading)
        yield from links.addresses(urljoin(card.url, path))


def _names(path: str, atlas: Atlas) -> Iterator[str]:
    """Yield all that the text at `path` goes by."""
    if spot := atlas.spots.get(path):
        yield spot.url
        yield from labels.names(spot)
        yield from map(folded, (*file_names(path), atlas.titles.get(path, ""), spot.slug))


def _differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> set[str]:
    """Return the keys that have another value in `other` than in `one`, or only one of them has."""
    if one is other:
        return set()
    return {key for key, value in other.items() if one.get(key) != value} | (one.keys() - other.keys())
