"""Resolve what a text refers to (posts, pages, files, pictures) against the Plan.

A path means what it means in an editor's preview: relative to the source file; then what it means in a browser:
relative to the page. What is found nowhere is a problem at its place, with the nearest name there is.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol
from urllib.parse import quote, unquote, urljoin, urlsplit

from bifolium import figures, labels, urls, wiki
from bifolium.atlas import Atlas, Places, Target, anchor, source_at, told
from bifolium.folders import MARKDOWN
from bifolium.labels import Labelled, Referent, Register
from bifolium.model import Card, Image, Link, Placed, Spot
from bifolium.problems import Problem, nearest

_DOMAIN = re.compile(r"(www|[a-z0-9-]+(\.[a-z0-9-]+)*)\.(com|org|net|io|dev|edu|cn|de)(/|$)", re.IGNORECASE)
_ANYWHERE = frozenset(("top",))  # the page's beginning, in every browser


class Resolution(NamedTuple):
    """What the links, pictures and references of a text lead to, by their target as written; None: nowhere.

    `language` is that in which references are worded.
    """

    links: dict[str, Target | None]
    images: dict[str, Target | None]
    refs: dict[str, Referent | None] = {}  # noqa: RUF012 (never assigned to: values are immutable by agreement)
    language: str = ""


class Refers(Labelled, Protocol):
    """Whatever holds links, pictures, references and labels, such as a Gist."""

    @property
    def images(self) -> tuple[Image, ...]:
        """The pictures, in the text's order."""


def resolve(spot: Spot, gist: Refers, atlas: Atlas, every: Register) -> Resolution:
    """Return what everything leads to that the text at `spot` refers to, and the picture of its front matter."""
    if not (gist.links or gist.images or gist.refs or spot.image):
        return Resolution({}, {}, {}, spot.language)
    return Resolution(
        {target: find(target, spot, atlas) for target in dict.fromkeys(link.target for link in gist.links)},
        {target: find(target, spot, atlas) for target in dict.fromkeys(_pictures(spot, gist))},
        labels.resolve(spot, gist, every),
        spot.language,
    )


def find(target: str, card: Placed, atlas: Atlas) -> Target | None:
    """Return where `target`, written in the text at `card.path`, leads; None if nowhere."""
    if target.startswith("[["):
        return wiki.find(target, card, atlas)
    if target.startswith("#"):
        return Target(_anchored(target, card.path, atlas))
    if urls.is_external(target) or target.startswith("?") or not target:
        return Target(target)
    parts = urlsplit(target)
    tail = target[len(parts.path) :]
    for path in readings(unquote(parts.path), card):
        if found := _source(path, atlas):
            return Target(found.url + _anchored(tail, found.path, atlas), found.path)
    for url in addresses(urljoin(card.url, parts.path)):
        if url in atlas.routes:
            path = source_at(atlas.routes[url])
            return Target(url + _anchored(tail, path, atlas), path)
    return None


def missing(
    card: Card, resolution: Resolution, gist: Refers, atlas: Atlas, absent: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield a problem for every reference of the text that leads nowhere, with the nearest name as a hint.

    `absent` are the texts that are no part of the site, with the reason; without one, their own problem is told.
    """
    shown = {image.target for image in gist.images if image.tag}
    for link in gist.links:
        if link.embeds and link.target in shown:
            continue
        target = resolution.links[link.target]
        found = _broken(card, link, atlas, absent) if target is None else _lost(card, link, target, atlas)
        if found:
            yield found
    for image in gist.images:
        if resolution.images[image.target] is None:
            thing = "video" if figures.is_video(image.target) else "picture"
            message = f"there is no {thing} `{unquote(image.target.strip('[]'))}`"
            yield _problem(card, image, "missing-picture", message, atlas)


def _anchored(tail: str, path: str, atlas: Atlas) -> str:
    """Return the end of a URL, from its `?` or `#` on, with the id that it means in the text at `path`."""
    before, sign, place = tail.partition("#")
    meant = anchor(unquote(place), atlas.ids.get(path, ()))
    return tail if not sign or meant == unquote(place) else f"{before}#{quote(meant)}"


def _pictures(card: Placed, gist: Refers) -> list[str]:
    return [image.target for image in gist.images] + ([card.image] if card.image else [])


def _broken(card: Card, link: Link, atlas: Atlas, absent: Mapping[str, str]) -> Problem | None:
    if link.target.startswith("[["):
        return wiki.problem(card, link, atlas, absent)
    target = unquote(link.target)
    for path in readings(unquote(urlsplit(link.target).path), card):
        if path in absent:
            message = f"`{path}`, to which this links, {absent[path]}"
            return told(card, link, "broken-link", message) if absent[path] else None
    if link.embeds:
        return _problem(card, link, "missing-file", f"there is no file `{target}`", atlas)
    return _problem(card, link, "broken-link", f"nothing of this site is at `{target}`", atlas)


def _lost(card: Card, link: Link, target: Target, atlas: Atlas) -> Problem | None:
    """Return the problem of a link to a place in a text that isn't there; pages without a text may have any."""
    if "#" not in target.url:
        return None
    place = unquote(urlsplit(target.url).fragment)
    path = card.path if target.url.startswith("#") else target.path
    known = atlas.ids.get(path, ())
    if not place or path not in atlas.ids or place.startswith(":~:"):
        return None
    if any(place in ids for ids in (known, atlas.around, _ANYWHERE)):
        return None
    where = "this text" if path == card.path else f"`{path}`"
    near = nearest(place, known)
    hint = f"did you mean `#{near}`?" if near else ""
    return told(card, link, "broken-anchor", f"{where} has no heading or id `{place}`", hint)


def readings(path: str, card: Placed) -> list[str]:
    """Return the source paths that `path` may mean, the likeliest first. `@/` is Zola's way to say: from the top."""
    folder = posixpath.dirname(card.path)
    if path.startswith("@/"):
        return [posixpath.normpath(f"{card.path.split('/')[0]}/{path[2:]}")]
    if path.startswith("/"):
        return [posixpath.normpath(path.lstrip("/"))]
    return [posixpath.normpath(posixpath.join(folder, path)), posixpath.normpath(path)]


def _source(path: str, atlas: Atlas) -> Target | None:
    """Return the text or file that `path` stands for."""
    for name in spellings(path):
        if spot := atlas.spots.get(name):
            return Target(spot.url, name)
    return Target(atlas.places[path], path) if path in atlas.places else None


def spellings(path: str) -> tuple[str, ...]:
    """Return the paths of the text that `path` may stand for."""
    return (path, f"{path}/index.md", *(path + ending for ending in MARKDOWN))


def addresses(url: str) -> list[str]:
    """Return the spellings under which a host serves the page at `url`."""
    clean = urls.explicit(url)
    document = clean.removesuffix("index.html") if clean.endswith("/index.html") else clean
    return [clean, document, clean.rstrip("/") + "/", clean.rstrip("/") + ".html", clean.removesuffix(".html")]


def _problem(card: Card, at: Link | Image, rule: str, message: str, atlas: Atlas) -> Problem:
    if rule == "broken-link" and _DOMAIN.match(at.target):
        return told(card, at, rule, message, f"did you mean `https://{at.target}`?")
    places = atlas.addresses if rule == "broken-link" else atlas.pictures
    near = _nearest(unquote(urlsplit(at.target).path), card, atlas, places)
    return told(card, at, rule, message, f"did you mean `{near}`?" if near else "")


def _nearest(path: str, card: Card, atlas: Atlas, places: Places) -> str | None:
    """Return what of the texts, if `path` is meant to be one, or else of the `places` is closest to it."""
    if path.lower().endswith(MARKDOWN):
        folder = posixpath.dirname(card.path)
        near = atlas.texts.nearest(readings(path, card)[0])
        return posixpath.relpath(near, folder) if near else None
    return places.nearest(path)
