"""Resolve what a text refers to (posts, pages, files, pictures) against the Plan.

A path means what it means in an editor's preview: relative to the source file; then what it means in a browser:
relative to the page. What is found nowhere is a problem at its place, with the nearest name there is.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import NamedTuple, Protocol
from urllib.parse import unquote, urljoin, urlsplit

from bifolium import references, urls
from bifolium.folders import MARKDOWN
from bifolium.model import Card, Image, Link
from bifolium.plan import Plan, card_of
from bifolium.problems import Problem, nearest
from bifolium.references import Found, Labelled, Register

_DOMAIN = re.compile(r"(www|[a-z0-9-]+(\.[a-z0-9-]+)*)\.(com|org|net|io|dev|edu|cn|de)(/|$)", re.IGNORECASE)


class Target(NamedTuple):
    """Where a reference leads: a URL (fragment included), and the source path if it is a file or text of ours."""

    url: str
    path: str = ""


class Resolution(NamedTuple):
    """What the links, pictures and references of a text lead to, by their target as written; None: nowhere.

    `language` is that in which references are worded.
    """

    links: dict[str, Target | None]
    images: dict[str, Target | None]
    refs: dict[str, Found | None] = {}  # noqa: RUF012 (never assigned to: values are immutable by agreement)
    language: str = ""


class Refers(Labelled, Protocol):
    """Whatever holds links, pictures, references and labels, such as a Gist."""

    @property
    def images(self) -> tuple[Image, ...]:
        """The pictures, in the text's order."""


def resolve(card: Card, gist: Refers, plan: Plan, labels: Register) -> Resolution:
    """Return what everything leads to that the text at `card.path` refers to, and the picture of its front matter."""
    return Resolution(
        {target: find(target, card, plan) for target in dict.fromkeys(link.target for link in gist.links)},
        {target: find(target, card, plan) for target in dict.fromkeys(_pictures(card, gist))},
        references.resolve(card, gist, labels),
        card.language,
    )


def find(target: str, card: Card, plan: Plan) -> Target | None:
    """Return where `target`, written in the text at `card.path`, leads; None if nowhere."""
    if urls.is_external(target) or target.startswith(("#", "?")) or not target:
        return Target(target)
    parts = urlsplit(target)
    tail = target[len(parts.path) :]
    for path in _readings(unquote(parts.path), card):
        if found := _source(path, plan):
            return Target(found + tail, path)
    for url in _addresses(urljoin(card.url, parts.path)):
        if url in plan.routes:
            return Target(url + tail, plan.routes[url].key if plan.routes[url].kind in {"file", "post"} else "")
    return None


def missing(card: Card, resolution: Resolution, gist: Refers, plan: Plan, absent: Mapping[str, str]) -> list[Problem]:
    """Return a problem for every reference of the text that leads nowhere, with the nearest name as a hint.

    `absent` are the texts that are no part of the site, with the reason; without one, their own problem is told.
    """
    broken = [
        found
        for link in gist.links
        if resolution.links[link.target] is None and (found := _broken(card, link, plan, absent))
    ]
    unseen = [
        _problem(card, image, "missing-picture", f"there is no picture `{unquote(image.target)}`", plan)
        for image in gist.images
        if resolution.images[image.target] is None
    ]
    own = card.image and resolution.images[card.image] is None
    said = f"there is no picture `{card.image}`, which the front matter names"
    return broken + unseen + ([Problem(card.path, 1, 0, "missing-picture", said)] if own else [])


def _pictures(card: Card, gist: Refers) -> list[str]:
    return [image.target for image in gist.images] + ([card.image] if card.image else [])


def _broken(card: Card, link: Link, plan: Plan, absent: Mapping[str, str]) -> Problem | None:
    for path in _readings(unquote(urlsplit(link.target).path), card):
        if path in absent:
            message = f"`{path}`, to which this links, {absent[path]}"
            return Problem(card.path, link.line, link.column, "broken-link", message) if absent[path] else None
    return _problem(card, link, "broken-link", f"nothing of this site is at `{unquote(link.target)}`", plan)


def _readings(path: str, card: Card) -> list[str]:
    """Return the source paths that `path` may mean, the likeliest first. `@/` is Zola's way to say: from the top."""
    folder = posixpath.dirname(card.path)
    if path.startswith("@/"):
        return [posixpath.normpath(f"{card.path.split('/')[0]}/{path[2:]}")]
    if path.startswith("/"):
        return [posixpath.normpath(path.lstrip("/"))]
    return [posixpath.normpath(posixpath.join(folder, path)), posixpath.normpath(path)]


def _source(path: str, plan: Plan) -> str | None:
    card = card_of(plan, path) or card_of(plan, f"{path}/index.md")
    return card.url if card else plan.files.get(path)


def _addresses(url: str) -> list[str]:
    """Return the spellings under which a host serves the page at `url`."""
    clean = urls.explicit(url)
    document = clean.removesuffix("index.html") if clean.endswith("/index.html") else clean
    return [clean, document, clean.rstrip("/") + "/", clean.rstrip("/") + ".html", clean.removesuffix(".html")]


def _problem(card: Card, at: Link | Image, rule: str, message: str, plan: Plan) -> Problem:
    if rule == "broken-link" and _DOMAIN.match(at.target):
        return Problem(card.path, at.line, at.column, rule, message, f"did you mean `https://{at.target}`?")
    near = _nearest(unquote(urlsplit(at.target).path), card, plan, pictures=rule == "missing-picture")
    return Problem(card.path, at.line, at.column, rule, message, f"did you mean `{near}`?" if near else "")


def _nearest(path: str, card: Card, plan: Plan, *, pictures: bool) -> str | None:
    """Return the existing name closest to `path`: one that differs in case or Unicode form only, or in some letters."""
    if path.lower().endswith(MARKDOWN):
        folder = posixpath.dirname(card.path)
        near = nearest(_readings(path, card)[0], [*plan.position, *plan.pages])
        return posixpath.relpath(near, folder) if near else None
    known = [f"/{name}" for name in plan.files] if pictures else list(plan.routes)
    name = urls.clash_key(posixpath.basename(path.rstrip("/")))
    same = [other for other in known if urls.clash_key(posixpath.basename(unquote(other).rstrip("/"))) == name]
    if same:
        return unquote(min(same, key=lambda other: (len(other), other)))
    folder = posixpath.dirname(path)
    return nearest(path, (unquote(other) for other in known if posixpath.dirname(unquote(other)) == folder))
