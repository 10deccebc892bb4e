"""What a wiki link means: `[[target#heading]]`, by a text's file name, title or slug; letter case doesn't matter."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from urllib.parse import quote

from bifolium.atlas import Atlas, Target, anchor, file_names, folded, told
from bifolium.model import Card, Link, Placed
from bifolium.problems import Problem


def find(target: str, card: Placed, atlas: Atlas) -> Target | None:
    """Return where `target`, with its brackets, leads; None if nothing or more than one text has this name."""
    name, heading = _parts(target)
    paths = _candidates(name, atlas) if name else (card.path,)
    if not paths and name:
        return _file(name, card, atlas)
    if len(paths) != 1:
        return None
    place = f"#{quote(anchor(heading, atlas.ids.get(paths[0], ())))}" if heading else ""
    if not name:
        return Target(place)
    found = atlas.spots.get(paths[0])
    return Target(found.url + place, paths[0]) if found else None


def names_meant(target: str, card: Placed) -> tuple[str, ...]:
    """Return every name that `find` may look up."""
    name, _ = _parts(target)
    return (folded(name), *_paths(name, card), folded(posixpath.basename(name))) if name else ()


def _file(name: str, card: Placed, atlas: Atlas) -> Target | None:
    """Return the file at a path, from the text's folder or the site's top, or the only one of that name anywhere."""
    named = atlas.files.get(folded(posixpath.basename(name)), ())
    ending = "/" + folded(name).lstrip("./")
    paths = [path for path in _paths(name, card) if path in atlas.places][:1]
    paths = paths or [path for path in named if ("/" + folded(path)).endswith(ending)]
    return Target(atlas.places[paths[0]], paths[0]) if len(paths) == 1 else None


def _paths(name: str, card: Placed) -> tuple[str, str]:
    return posixpath.normpath(posixpath.join(posixpath.dirname(card.path), name)), name.lstrip("/")


def problem(card: Card, link: Link, atlas: Atlas, absent: Mapping[str, str]) -> Problem | None:
    """Return what is wrong with a wiki link that leads nowhere; None if its target's own problem is told."""
    name, _ = _parts(link.target)
    paths = _candidates(name, atlas)
    if paths:
        listed = ", ".join(f"`{path}`" for path in paths[:3]) + (" …" if len(paths) > len(paths[:3]) else "")
        message = f"`{name}` is the name of {len(paths)} texts: {listed}"
        return told(card, link, "broken-link", message, f"write which one: `[[{paths[0]}]]`")
    for path in absent:
        if folded(name) in map(folded, file_names(path)):
            message = f"`{path}`, to which this links, {absent[path]}"
            return told(card, link, "broken-link", message) if absent[path] else None
    near = atlas.known_names.nearest(name)
    hint = f"did you mean `[[{near}]]`?" if near else ""
    return told(card, link, "broken-link", f"no text has the file name, title or slug `{name}`", hint)


def _parts(target: str) -> tuple[str, str]:
    name, _, heading = target[2:-2].partition("#")
    return name.strip(), heading.strip()


def _candidates(name: str, atlas: Atlas) -> tuple[str, ...]:
    wanted = folded(name)
    return next((names[wanted] for names in atlas.names if wanted in names), ())
