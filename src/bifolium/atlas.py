"""What links are resolved with: where texts and files are, the ids in them, their names; and who links to whom."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple
from urllib.parse import unquote

from bifolium import urls
from bifolium.claims import Route
from bifolium.known import Known
from bifolium.model import Card, Image, Link, Spot
from bifolium.plan import Plan, card_of
from bifolium.problems import Problem

Names = Mapping[str, tuple[str, ...]]
"""Source paths of texts by a name of theirs."""


class Target(NamedTuple):
    """Where a reference leads: a URL (fragment included), and the source path if it is a file or text of ours."""

    url: str
    path: str = ""


@dataclass(frozen=True)
class Atlas:
    """Where everything of the site is, and nothing that can change without a link's leading elsewhere.

    Texts, files' addresses, ids inside texts and titles by source path; what stands at an address; the ids that
    templates put around a text. `titles` are known only if links may name them.
    """

    spots: Mapping[str, Spot]
    places: Mapping[str, str]
    routes: Mapping[str, Route]
    ids: Mapping[str, tuple[str, ...]]
    titles: Mapping[str, str]
    around: frozenset[str] = frozenset()

    @cached_property
    def names(self) -> tuple[Names, Names, Names]:
        """The texts by file name, by title and by slug: a wiki link's target means the first kind that has it."""
        return (
            _by_name((name, path) for path in self.spots for name in file_names(path)),
            _by_name((title, path) for path, title in self.titles.items()),
            _by_name((spot.slug, path) for path, spot in self.spots.items()),
        )

    @cached_property
    def known_names(self) -> Known:
        """The names by which a wiki link may call a text."""
        spots = self.spots.items()
        names = (it for path, spot in spots for it in (self.titles.get(path), spot.slug, file_names(path)[-1]))
        return Known(tuple(dict.fromkeys(filter(None, names))))

    @cached_property
    def texts(self) -> Known:
        """The paths of the texts."""
        return Known(tuple(self.spots))

    @cached_property
    def pictures(self) -> Places:
        """The paths of the files that are published as they are, as a text may write them."""
        return Places(tuple(f"/{name}" for name in self.places))

    @cached_property
    def addresses(self) -> Places:
        """All addresses of the site."""
        return Places(tuple(self.routes))

    @cached_property
    def files(self) -> Names:
        """The files that are published as they are, by their names."""
        return _by_name((posixpath.basename(path), path) for path in self.places)


def spot_of(card: Card) -> Spot:
    """Return where a text is."""
    return Spot(card.path, card.url, card.slug, card.image, card.language)


def source_at(route: Route) -> str:
    """Return the source path of the text or file at a place; empty if it is something else."""
    return route.key if route.kind in {"file", "post"} else ""


@dataclass(frozen=True)
class Places:
    """Paths or addresses that lead somewhere."""

    every: tuple[str, ...]

    def nearest(self, path: str) -> str | None:
        """Return the place closest to `path`: of the same name but for case or Unicode form, or beside it."""
        same = self._by_name.get(_name(path))
        if same:
            return unquote(same)
        beside = self._by_folder.get(posixpath.dirname(path))
        return beside.nearest(path) if beside else None

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        """The shortest place of each name."""
        found: dict[str, str] = {}
        for place in sorted(self.every, key=lambda place: (len(place), place)):
            found.setdefault(_name(unquote(place)), place)
        return found

    @cached_property
    def _by_folder(self) -> Mapping[str, Known]:
        found: dict[str, list[str]] = {}
        for place in map(unquote, self.every):
            found.setdefault(posixpath.dirname(place), []).append(place)
        return {folder: Known(tuple(places)) for folder, places in found.items()}


def _name(place: str) -> str:
    return urls.clash_key(posixpath.basename(place.rstrip("/")))


def file_names(path: str) -> list[str]:
    """Return the names under which the file at `path` is known: its path or its name, with or without its suffix."""
    stem = posixpath.splitext(path)[0]
    if posixpath.basename(stem) == "index":
        stem = posixpath.dirname(stem)
    return list(dict.fromkeys([path, stem, posixpath.basename(path), posixpath.basename(stem)]))


def folded(name: str) -> str:
    """Return what names have in common that a reader takes for one: letter case and Unicode form don't count."""
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()


def anchor(place: str, ids: Sequence[str]) -> str:
    """Return the id that `place` means: itself, or the one id that has the same letters and digits.

    Generators make ids of headings in different ways: “What’s new?” is `whats-new` here, `what-s-new` elsewhere.
    """
    if place in ids:
        return place
    wanted = _letters(place)
    same = [known for known in ids if _letters(known) == wanted] if wanted else []
    return same[0] if len(same) == 1 else place


def told(card: Card, at: Link | Image, rule: str, message: str, hint: str = "") -> Problem:
    """Return the problem of a reference, at its place."""
    return Problem(card.path, at.line, at.column, rule, message, hint, width=at.width)


def backlinks(linked: Mapping[str, Iterable[str]], plan: Plan) -> dict[str, tuple[Card, ...]]:
    """Return the cards of the texts that link to each text, in site order; `linked`: what each links to."""
    found: dict[str, list[Card]] = {}
    linking = [path for path, targets in linked.items() if targets]
    cards = filter(None, (card_of(plan, path) for path in linking))
    for card in sorted(cards, key=attrgetter("order")):
        for path in linked[card.path]:
            if path != card.path and (path in plan.position or path in plan.pages):
                found.setdefault(path, []).append(card)
    return {path: tuple(cards) for path, cards in found.items()}


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, folded(name)))


def _by_name(names: Iterable[tuple[str, str]]) -> Names:
    found: dict[str, dict[str, None]] = {}
    for name, path in names:
        if name:
            found.setdefault(folded(name), {})[path] = None
    return {name: tuple(paths) for name, paths in found.items()}
