"""What is wrong with a text's links, pictures and layout: sought in each build, since it depends on the whole site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bifolium import figures, labels, layout, links, reading, sources
from bifolium.atlas import Target, told
from bifolium.ledger import Reading
from bifolium.model import Card
from bifolium.press import Press
from bifolium.problems import Problem
from bifolium.site import Site


def complain(site: Site, press: Press, cards: Iterable[Card], readings: Mapping[str, Reading]) -> Iterator[Problem]:
    """Yield the problems of all texts, each with its line."""
    absent = dict(_absent(site, readings))
    used = labels.used(press.gists, press.labels)
    if site.settings.math.unused_labels == "ignore":
        used = {path: set(every) for path, every in press.labels.labels.items()}
    for card in cards:
        gist, resolution = press.gists[card.path], press.resolutions[card.path]
        found = [
            *links.missing(card, resolution, gist, press.atlas, absent),
            *_bad_pictures(card, press, resolution.images),
            *labels.complain(card, gist, press.labels, used[card.path]),
        ]
        lines = sources.lines(site.folder, card.path) if found else []
        yield from (it._replace(source=lines[it.line - 1] if 0 < it.line <= len(lines) else "") for it in found)
        if card.layout and f"{card.layout}.html" not in press.furnished.theme.templates:
            yield layout.unknown_layout(card.path, card.layout, press.furnished.theme)


def _absent(site: Site, readings: Mapping[str, Reading]) -> Iterator[tuple[str, str]]:
    """Yield the texts that are no part of this build, with the reason; with none if their own problem is told."""
    for path, read in readings.items():
        if not read.card:
            yield path, ""
        elif not reading.visible(read.card, site):
            yield path, "is dated in the future" if reading.is_future(read.card, site) else "is a draft"


def _bad_pictures(card: Card, press: Press, images: Mapping[str, Target | None]) -> Iterator[Problem]:
    for image in press.gists[card.path].images:
        target = images[image.target]
        picture = press.pictures.get(target.path) if target else None
        if target and picture and (wrong := picture.problem or figures.misnamed(target.path, picture)):
            yield told(card, image, "picture", wrong)
