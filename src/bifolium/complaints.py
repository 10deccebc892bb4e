"""What is wrong with a text's links, pictures and layout: sought in each build, since it depends on the whole site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from bifolium import cards, figures, forgiving, labels, layout, links, reading, sources, urls
from bifolium.atlas import Target, told
from bifolium.folders import MARKDOWN
from bifolium.ledger import Reading
from bifolium.model import Card
from bifolium.press import Press
from bifolium.problems import Problem
from bifolium.site import Site

MUTE = "missing-alt"


def complain(site: Site, press: Press, texts: Iterable[Card], readings: Mapping[str, Reading]) -> Iterator[Problem]:
    """Yield the problems of all texts, each with its line."""
    absent = dict(_absent(site, readings))
    used = labels.used(press.gists, press.labels)
    if site.settings.math.unused_labels == "ignore":
        used = {path: set(every) for path, every in press.labels.labels.items()}
    for card in texts:
        gist, resolution = press.gists[card.path], press.resolutions[card.path]
        found = [
            *links.missing(card, resolution, gist, press.atlas, absent),
            *_bad_pictures(card, press, resolution.images),
            *labels.complain(card, gist, press.labels, used[card.path]),
        ]
        if found:
            lines = sources.lines(site.folder, card.path)
            placed = (it._replace(source=lines[it.line - 1] if 0 < it.line <= len(lines) else "") for it in found)
            yield from forgiving.heard(placed, forgiving.ignored(lines))
        if wrong := tuple(_of_front_matter(site, card, press, resolution.images)):
            yield from forgiven(site, wrong)


def _of_front_matter(site: Site, card: Card, press: Press, images: Mapping[str, Target | None]) -> Iterator[Problem]:
    """Yield what is wrong with the values of the front matter that the whole site decides on, each at its place."""
    wrong = {"layout": layout.wrong_layout(card, press.furnished.theme)}
    if card.image and images[card.image] is None:
        message = f"there is no picture `{card.image}`, which the front matter names"
        wrong["image"] = Problem(card.path, 0, 0, "missing-picture", message)
    found = {key: problem for key, problem in wrong.items() if problem}
    values = cards.values_at(card.path, "\n".join(sources.lines(site.folder, card.path))) if found else {}
    for key, problem in found.items():
        at = values.get(key)
        yield at._replace(rule=problem.rule, message=problem.message, hint=problem.hint) if at else problem


def _absent(site: Site, readings: Mapping[str, Reading]) -> Iterator[tuple[str, str]]:
    """Yield the texts that are no part of this build, with the reason; with none if their own problem is told."""
    for path, read in readings.items():
        if not read.card:
            yield path, ""
        elif not reading.visible(read.card, site):
            yield path, "is dated in the future" if reading.is_future(read.card, site) else "is a draft"


def audible(problems: Iterable[Problem], *, strict: bool) -> tuple[Problem, ...]:
    """Return the problems that an author hears of: that a picture has no text only if they want to hear all."""
    if strict:
        return tuple(it._replace(severity="warning") if it.rule == MUTE else it for it in problems)
    return tuple(it for it in problems if it.rule != MUTE)


def forgiven(site: Site, problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Return the problems but for those that the front matter of their own text ignores."""
    texts = {it.path for it in problems if it.severity != "error" and it.path.endswith(MARKDOWN)}
    rules = {path: forgiving.ignored(sources.lines(site.folder, path)) for path in texts}
    return tuple(it for it in problems if it.severity == "error" or it.rule not in rules.get(it.path, ()))


def _bad_pictures(card: Card, press: Press, images: Mapping[str, Target | None]) -> Iterator[Problem]:
    every = press.gists[card.path].images
    if mute := [image for image in every if not image.alt and ("role", "presentation") not in image.attributes]:
        count = f"{len(mute)} pictures of this text have" if len(mute) > 1 else "this picture has"
        hint = "write what it shows in the brackets, or put `{role=presentation}` behind if it is mere decoration"
        if mute[0].tag:
            hint = 'write what it shows as its `alt="…"`, which is empty if it is mere decoration'
        yield told(card, mute[0], MUTE, f"{count} no words for those who can't see", hint)._replace(severity="note")
    for image in every:
        target = images[image.target]
        if press.site.settings.images.external == "warn" and urls.is_external(image.target):
            host = urlsplit(image.target).netloc or image.target
            message, hint = f"this picture comes from `{host}`", "save it in the site's folder"
            yield told(card, image, "external-picture", message, hint)
        picture = press.pictures.get(target.path) if target else None
        if target and picture and (wrong := figures.oddity(target.path, picture)):
            yield told(card, image, "picture", wrong)
