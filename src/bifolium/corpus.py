"""The site's sources, gathered for one build: files by purpose, cards, macros and snippets. Opens only what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, compress
from operator import attrgetter, not_
from posixpath import normpath
from typing import NamedTuple

from bifolium import folders, formulas, insertions, memo, reading, sources, wording
from bifolium.folders import Files
from bifolium.ledger import Reading, Standing
from bifolium.model import Card
from bifolium.problems import Problem
from bifolium.reading import Read
from bifolium.site import Site
from bifolium.sources import Scanned
from bifolium.texts import Stock


class Corpus(NamedTuple):
    """The site's sources: the files by purpose, what was read, this build's cards, what its texts use.

    `hidden` are the cards that are no part of this build.
    """

    found: Scanned
    files: Files
    read: Read
    cards: list[Card]
    hidden: list[Card]
    stock: Stock
    unreadable: tuple[Problem, ...] = ()


def scan(site: Site) -> Scanned:
    """Return the files of the site, opening none."""
    return sources.scan(site.folder, site.settings.folders, [site.settings.math.macros], (site.output, site.state))


def look_again(site: Site, before: Scanned, paths: Iterable[str]) -> Scanned | None:
    """Return the files of the site after a look at `paths` only; None if one of them needs a look at all."""
    return sources.look_again(site.folder, before, paths)


def bounds(site: Site) -> tuple[list[str], frozenset[str], list[str], tuple[str, ...]]:
    """Return where `scan` looks: source folders, paths left out, files beside these, patterns of what is excluded."""
    walked, skipped = sources.bounds(site.folder, site.settings.folders, (site.output, site.state))
    return walked, skipped, [normpath(site.settings.math.macros)], site.settings.folders.exclude


def gather(site: Site, found: Scanned, standing: Standing) -> Corpus:
    """Return the site's sources, of which only what changed is opened."""
    once = standing.recall.once
    macros = formulas.site_macros(site, found.tree, standing.recall)
    files = once(folders.sort, [path for path in found.tree if path != macros.path], site.settings.folders)
    contents, unreadable = sources.read_all(site.folder, files.snippets)
    snippets, garbled = insertions.by_name(contents, site.settings.folders.includes)
    spoken, misspoken = _words(site, files)
    done = reading.read(site, files.texts, standing.before, standing.same)
    if memo.digest(snippets) != standing.before.snippets:
        done = reading.without_snippets(done)
    if memo.digest(spoken) != standing.before.words:  # the titles of admonitions stand in the texts
        done = reading.without_gists(done)
    known = standing.recall.each(card_of, (done.readings,))
    cards, hidden = once(parted, known, standing.recall.each(is_shown, (known,), site))
    stock = Stock(macros, standing.recall.same("snippets", snippets), standing.recall.same("words", spoken))
    return Corpus(found, files, done, cards, hidden, stock, (*unreadable, *garbled, *misspoken))


def _words(site: Site, files: Files) -> tuple[wording.Languages, tuple[Problem, ...]]:
    """Return the words of the interface, the site's own among them, and what is wrong with these."""
    own = [path for path in files.templates if wording.is_own(path, site.settings)]
    contents, unreadable = sources.read_all(site.folder, own)
    spoken, wrong = wording.gather(contents)
    return spoken, (*unreadable, *wrong)


def card_of(read: Reading) -> Card | None:
    """Return what was read, if it could be."""
    return read.card


def is_shown(card: Card | None, site: Site) -> bool:
    """Tell whether a text is part of this build."""
    return card is not None and reading.visible(card, site)


def parted(cards: Mapping[str, Card | None], shown: Mapping[str, bool]) -> tuple[list[Card], list[Card]]:
    """Return the cards that are part of this build, and those that are not."""
    here = [card for card in compress(cards.values(), shown.values()) if card]
    return here, [card for card in compress(cards.values(), map(not_, shown.values())) if card]


def by_path(cards: Sequence[Card]) -> dict[str, Card]:
    """Return the cards by the paths of their texts."""
    return dict(zip(map(attrgetter("path"), cards), cards, strict=True))


def published_files(site: Site, hidden: Sequence[Card], files: Files) -> list[str]:
    """Return the files that are published as they are: not those of drafts, nor in the bundle of a hidden post."""
    absent = {card.path for card in hidden}
    owners = folders.bundles(files.texts, site.settings.folders)
    drafts = () if site.wishes.drafts else (f"{normpath(site.settings.folders.drafts)}/",)
    return [
        path
        for path in files.files
        if not path.startswith(drafts) and owners.get(folders.bundle_of(path, owners)) not in absent
    ]


def problems(corpus: Corpus) -> list[Problem]:
    """Return what is wrong with the source files themselves."""
    of_files = chain.from_iterable(map(attrgetter("problems"), corpus.read.readings.values()))
    of_all = [*corpus.found.problems, *corpus.files.problems, *corpus.unreadable, *corpus.stock.macros.problems]
    return [*of_all, *of_files]


def hidden(site: Site, corpus: Corpus) -> dict[str, int]:
    """Return how many texts are no part of this build, by reason."""
    return dict(Counter(_why_hidden(card, site) for card in corpus.hidden))


def _why_hidden(card: Card, site: Site) -> str:
    """Return what keeps a text out of this build; a draft that is wished for is kept out by its date alone."""
    is_draft = card.draft and not site.wishes.drafts
    is_future = reading.is_future(card, site) and not site.wishes.future
    return "future_drafts" if is_draft and is_future else "drafts" if is_draft else "future"
